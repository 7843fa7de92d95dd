# The first stage has what the build needs: npm's packages, and a compiler for SQLite's driver.
FROM node:26.10.0-bookworm AS build
WORKDIR /app
COPY . .
RUN npm ci
# The built pages hold the site's address, so the image belongs to one site.
ARG PUBLIC_URL
RUN npm run build
# The server's packages alone. The driver is kept as it was compiled above.
RUN mv node_modules/sqlite3/build /tmp/sqlite3-build \
  && npm ci --omit=dev --ignore-scripts --workspace apps/api --workspace packages/db --workspace packages/shared \
  && mv /tmp/sqlite3-build node_modules/sqlite3/build

FROM node:26.10.0-bookworm-slim
# Inside a container only 0.0.0.0 is reached from outside it.
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
COPY --from=build /app/apps/api ./apps/api
COPY --from=build /app/apps/web/dist ./apps/web/dist
RUN install --directory --owner=node --group=node --mode=700 /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/api/src/main.ts"]
