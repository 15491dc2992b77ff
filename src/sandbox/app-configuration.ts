type Fields = Readonly<Record<string, unknown>>;

interface Place {
  readonly ehrOrigin: string;
  readonly fhirBase: string;
  readonly withSources: boolean;
}

/** What `public/sideplan.config.json` is written for; the sandbox may run on another port. */
const USUAL_ORIGIN = 'http://localhost:8080';

/**
 * `sideplan.config.json` as the app was built with it, at the sandbox's real address: `iss` and each
 * source's `base`. The sandbox's own issuer is always in it.
 *
 * A file that is no JSON, or no object, is served as it stands: naming what is wrong with it is the app's work.
 */
export function appConfiguration(built: string | undefined, place: Place): string {
  if (built === undefined) return JSON.stringify(plain(place));
  let file: unknown;
  try {
    file = JSON.parse(built);
  } catch {
    return built;
  }
  if (!isFields(file) || !Array.isArray(file['issuers'])) return built;
  const issuers = file['issuers'].map((one: unknown) => (isFields(one) ? issuer(one, place) : one));
  const hasOwn = issuers.some((one: unknown) => isFields(one) && one['iss'] === place.fhirBase);
  return JSON.stringify({
    ...file,
    issuers: hasOwn ? issuers : [...plain(place).issuers, ...issuers],
  });
}

const plain = ({ fhirBase }: Place) => ({
  issuers: [{ iss: fhirBase, clientId: 'sideplan', label: 'Fjordvik journal (sandkasse)' }],
  allowInsecureLoopback: true,
  locale: 'nb',
});

function issuer(given: Fields, place: Place): Fields {
  const { sources, ...rest } = given;
  const moved = { ...rest, iss: atOrigin(given['iss'], place) };
  if (!Array.isArray(sources)) return sources === undefined ? moved : { ...moved, sources };
  const kept = sources
    .map((one: unknown) => (isFields(one) ? { ...one, base: atOrigin(one['base'], place) } : one))
    .filter(one => place.withSources || !isOurs(one, place));
  return { ...moved, sources: kept };
}

function isOurs(source: unknown, { ehrOrigin }: Place): boolean {
  return isFields(source) && String(source['base']).startsWith(`${ehrOrigin}/`);
}

function atOrigin(url: unknown, { ehrOrigin }: Place): unknown {
  return typeof url === 'string' && url.startsWith(`${USUAL_ORIGIN}/`)
    ? ehrOrigin + url.slice(USUAL_ORIGIN.length)
    : url;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
