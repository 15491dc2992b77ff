/** Where the app may reach, and who may show it in a frame. */
export interface Neighbours {
  /** Where FHIR, authorization server and EHR page are. */
  readonly ehrOrigin: string;
  /** Who may frame the app. */
  readonly frameAncestors: readonly string[];
}

/**
 * The headers of SAFETY Appendix B for one file of the app, by its path; docs/deploy.md says the same for any server.
 *
 * Two of Appendix B are not here. HSTS must not be sent without encryption (RFC 6797 7.2), and this machine has none.
 * `img-src` allows `data:`, because Designsystemet's style sheets carry their icons that way.
 */
export function safetyHeaders(path: string, neighbours: Neighbours): Record<string, string> {
  const { ehrOrigin } = neighbours;
  const csp = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    // FHIRcast comes by WebSocket, which is a scheme of its own to this policy.
    `connect-src 'self' ${ehrOrigin} ${ehrOrigin.replace(/^http/, 'ws')}`,
    // The hidden frame: authorization server first, then our own redirect page.
    `frame-src 'self' ${ehrOrigin}`,
    `frame-ancestors ${ancestorsOf(path, neighbours)}`,
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
    // Never on index.html: there the answer to a login in a window of its own comes home, through `opener`.
    ...(path === LAUNCH ? { 'Cross-Origin-Opener-Policy': 'same-origin-allow-popups' } : {}),
  };
}

const LAUNCH = '/launch.html';

/** The EHR frames the app; the app frames its own redirect page, which is index.html; nobody frames anything else. */
function ancestorsOf(path: string, { frameAncestors }: Neighbours): string {
  if (path === LAUNCH) return frameAncestors.join(' ') || "'none'";
  const isApp = path === '/' || path === '/index.html';
  return isApp ? ["'self'", ...frameAncestors].join(' ') : "'none'";
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
