import { readFile, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

export interface AppFilesOptions {
  readonly appDir: string;
  /** Where FHIR, authorization server and EHR page are. */
  readonly ehrOrigin: string;
  /** Who may frame the app. */
  readonly frameAncestors: readonly string[];
  readonly fhirBase: string;
}

/** The web app as a hospital would serve it: static files, with the headers of SAFETY Appendix B. */
export function appFiles(options: AppFilesOptions): (request: Request) => Promise<Response> {
  const root = resolve(options.appDir);
  const safety = safetyHeaders(options);

  return async request => {
    const answer = (
      status: number,
      type: string,
      body: string | Uint8Array<ArrayBuffer>,
      cache: string,
    ) =>
      new Response(request.method === 'HEAD' ? null : body, {
        status,
        headers: {
          ...safety,
          'Content-Type': type,
          'Cache-Control': cache,
          Date: new Date().toUTCString(),
        },
      });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(405, 'text/plain; charset=utf-8', 'Only GET and HEAD.\n', 'no-store');
    }
    const path = safePath(new URL(request.url).pathname);
    if (path === undefined)
      return answer(400, 'text/plain; charset=utf-8', 'Not a path.\n', 'no-store');
    if (path === '/sideplan.config.json') {
      return answer(200, TYPES['.json'] ?? '', JSON.stringify(configuration(options)), 'no-store');
    }
    const file = join(root, path === '/' ? 'index.html' : path);
    // A second lock behind safePath: whatever was asked for, it lies below the app's folder.
    const bytes = file.startsWith(root + sep) ? await contentOf(file) : undefined;
    if (!bytes) return answer(404, 'text/html; charset=utf-8', NOT_FOUND, 'no-store');
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    return answer(200, type, bytes, cacheFor(path));
  };
}

/** PLATFORM 3: `frame-src` and `frame-ancestors` hold 'self', because the app opens its redirect page in a hidden frame of its own. */
function safetyHeaders({ ehrOrigin, frameAncestors }: AppFilesOptions) {
  const csp = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${ehrOrigin}`,
    `frame-src 'self' ${ehrOrigin}`,
    `frame-ancestors 'self' ${frameAncestors.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'Content-Security-Policy': csp.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': `${FEATURES_OFF.map(feature => `${feature}=()`).join(', ')}, clipboard-write=(self)`,
  };
}

const FEATURES_OFF = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'clipboard-read',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

const configuration = ({ fhirBase }: AppFilesOptions) => ({
  issuers: [{ iss: fhirBase, clientId: 'sideplan', label: 'Fjordvik journal (sandkasse)' }],
  allowInsecureLoopback: true,
  locale: 'nb',
});

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
