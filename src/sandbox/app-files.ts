import { readFile, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { appConfiguration } from './app-configuration.ts';
import { type Neighbours, safetyHeaders } from './app-headers.ts';

export interface AppFilesOptions extends Neighbours {
  readonly appDir: string;
  readonly fhirBase: string;
  /** Whether the sandbox's national sources know anything about the patients there are. */
  readonly withSources: boolean;
}

/** The web app as a hospital would serve it: static files, with the headers of SAFETY Appendix B. */
export function appFiles(options: AppFilesOptions): (request: Request) => Promise<Response> {
  const root = resolve(options.appDir);

  return async request => {
    const path = safePath(new URL(request.url).pathname);
    const answer = (
      status: number,
      type: string,
      body: string | Uint8Array<ArrayBuffer>,
      cache: string,
    ) =>
      new Response(request.method === 'HEAD' ? null : body, {
        status,
        headers: {
          ...safetyHeaders(path ?? '', options),
          'Content-Type': type,
          'Cache-Control': cache,
          Date: new Date().toUTCString(),
        },
      });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(405, 'text/plain; charset=utf-8', 'Only GET and HEAD.\n', 'no-store');
    }
    if (path === undefined)
      return answer(400, 'text/plain; charset=utf-8', 'Not a path.\n', 'no-store');
    if (path === '/sideplan.config.json') {
      return answer(200, TYPES['.json'] ?? '', await configuration(options), 'no-store');
    }
    const file = join(root, path === '/' ? 'index.html' : path);
    // A second lock behind safePath: whatever was asked for, it lies below the app's folder.
    const bytes = file.startsWith(root + sep) ? await contentOf(file) : undefined;
    if (!bytes) return answer(404, 'text/html; charset=utf-8', NOT_FOUND, 'no-store');
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    return answer(200, type, bytes, cacheFor(path));
  };
}

async function configuration(options: AppFilesOptions): Promise<string> {
  const file = await contentOf(join(resolve(options.appDir), 'sideplan.config.json'));
  return appConfiguration(file && new TextDecoder().decode(file), options);
}

/** Decoded once; what then still climbs, or is Windows' or C's trick, is no path of ours. */
function safePath(pathname: string): string | undefined {
  try {
    const path = decodeURIComponent(pathname);
    return /[\\\0%]|(^|\/)\.{1,2}(\/|$)/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}

async function contentOf(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    if (!(await stat(file)).isFile()) return undefined;
    return Uint8Array.from(await readFile(file));
  } catch {
    return undefined;
  }
}

/** Vite puts a hash of the content into the names below `assets/`; everything else may change under its name. */
function cacheFor(path: string): string {
  if (/^\/assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/.test(path))
    return 'public, max-age=31536000, immutable';
  return /\.(html|json)$/.test(path) || path === '/' ? 'no-store' : 'no-cache';
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

const NOT_FOUND =
  '<!doctype html><html lang="nb"><meta charset="utf-8"><title>Finnes ikke</title><h1>Siden finnes ikke</h1></html>';
