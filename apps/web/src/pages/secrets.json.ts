import type { APIRoute } from 'astro';
import { readMembersContent } from '../lib/members-content.ts';

export const GET: APIRoute = async () => Response.json(await readMembersContent());
