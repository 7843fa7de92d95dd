/** A process of the site, as nginx knows it. */
export type Upstream = {
  port: number;
  /** Whether nginx sends nothing to it. */
  isDown: boolean;
};

/**
 * The settings of an nginx in front of several processes, as docs/deploy.md has them.
 *
 * @param folder for all its files
 * @param place where it listens, such as `127.0.0.1:3000`
 */
export function describeNginx(folder: string, place: string, upstreams: Upstream[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  );
  const servers = upstreams.map(
    ({ port, isDown }) => `    server 127.0.0.1:${port} max_fails=0${isDown ? ' down' : ''};`,
  );
  // Its workers use the same folder as the user who starts it.
  const user = process.getuid?.() === 0 ? 'user root root;\n' : '';
  return `daemon off;
${user}worker_processes auto;
pid ${folder}/nginx.pid;
error_log stderr crit;
events {}
http {
${temporary.join('\n')}
  access_log off;
  upstream latchkey {
${servers.join('\n')}
  }
  server {
    listen ${place};
    location / {
      proxy_pass http://latchkey;
      proxy_next_upstream error timeout;
      proxy_connect_timeout 2s;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`;
}
