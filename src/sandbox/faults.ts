/** What may happen to an answer. `commit-then-drop`: performed, and then the socket is gone. */
const ENDINGS = ['respond', 'hang', 'truncate', 'reset', 'fin', 'commit-then-drop'] as const;
export type Ending = (typeof ENDINGS)[number];

/** One rule of `POST /ehr/scenario`. */
export interface FaultRule {
  /** Tried on `METHOD /path?query`: a part of it, or a regular expression between slashes. */
  readonly match: string;
  /** Only the nth matching request, counted from 1. */
  readonly nth?: number;
  /** Only the first so many. */
  readonly times?: number;
  readonly delayMs?: number;
  /** Between the deed and its answer: what is killed then has done more than anybody knows. */
  readonly afterMs?: number;
  /** Called `then` on the wire; an object with that name looks like a promise to JavaScript. */
  readonly ending: Ending;
  readonly status?: number;
  /** The request is performed before `status` or `body` stands in for its answer. Not for entries of a bundle. */
  readonly commit?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Stands in for the real body: text as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Laid over the real JSON body (RFC 7396: null removes). */
  readonly bodyPatch?: unknown;
  /** As it was sent. */
  readonly given: object;
}

export interface Faults {
  /** Counts the request and answers with the rule that applies to it, if any. */
  readonly next: (line: string) => FaultRule | undefined;
  /** A scenario replaces the one before. */
  readonly set: (rules: readonly FaultRule[]) => void;
  readonly clear: () => void;
  readonly list: () => readonly object[];
}

interface Counted {
  readonly rule: FaultRule;
  readonly hits: (line: string) => boolean;
  seen: number;
}

const listed = ({ rule, seen }: Counted): object => Object.assign({}, rule.given, { seen });

export function createFaults(): Faults {
  let rules: Counted[] = [];

  return {
    next(line) {
      const unescaped = unescape(line);
      // Every rule counts every request it matches, also when an earlier rule takes it.
      const matching = rules.filter(({ hits }) => hits(line) || hits(unescaped));
      for (const entry of matching) entry.seen += 1;
      return matching.find(({ rule, seen }) => {
        if (rule.nth !== undefined) return seen === rule.nth;
        return rule.times === undefined || seen <= rule.times;
      })?.rule;
    },
    set(scenario) {
      rules = scenario.map(rule => ({ rule, hits: matcher(rule.match), seen: 0 }));
    },
    clear() {
      rules = [];
    },
    list: () => rules.map(listed),
  };
}

function matcher(match: string): (line: string) => boolean {
  const pattern = asPattern(match);
  return pattern ? line => pattern.test(line) : line => line.includes(match);
}

/** `/…/` is a pattern; `/fhir/CarePlan` is a path, because it does not end in a slash. */
function asPattern(match: string): RegExp | undefined {
  const [, source] = /^\/(.+)\/$/.exec(match) ?? [];
  return source === undefined ? undefined : new RegExp(source);
}

function unescape(line: string): string {
  try {
    return decodeURIComponent(line.replaceAll('+', ' '));
  } catch {
    return line;
  }
}

export type ReadRules = { readonly rules: readonly FaultRule[] } | { readonly problem: string };

/** A rule that is not understood would be a test that passes for the wrong reason; so say which field. */
export function readRules(json: unknown): ReadRules {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  const rules: FaultRule[] = [];
  for (const [index, entry] of list.entries()) {
    const read = readRule(entry);
    if (typeof read === 'string') return { problem: `Rule ${index + 1}: ${read}` };
    rules.push(read);
  }
  return { rules };
}

const FIELDS = [
  'match',
  'nth',
  'times',
  'delayMs',
  'afterMs',
  'then',
  'status',
  'commit',
  'headers',
  'body',
  'bodyPatch',
];

function readRule(entry: unknown): FaultRule | string {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return 'is not an object.';
  const rule: Readonly<Record<string, unknown>> = { ...entry };
  const unknown = Object.keys(rule).find(name => !FIELDS.includes(name));
  if (unknown) return `${unknown} is not a field. The fields are ${FIELDS.join(', ')}.`;
  const { match, nth, times, delayMs, afterMs, status, commit, headers } = rule;
  if (typeof match !== 'string' || match === '') return 'match must be a text.';
  if (!isPattern(match)) return 'match is not a valid regular expression.';
  const ending = endingOf(rule['then']);
  if (!ending) return `then must be one of ${ENDINGS.join(', ')}.`;
  if (!isCount(nth, 1, 1e9)) return 'nth must be a whole number from 1.';
  if (!isCount(times, 1, 1e9)) return 'times must be a whole number from 1.';
  if (!isCount(delayMs, 0, 600_000)) return 'delayMs must be a whole number from 0 to 600000.';
  if (!isCount(afterMs, 0, 600_000)) return 'afterMs must be a whole number from 0 to 600000.';
  if (!isCount(status, 200, 599)) return 'status must be a whole number from 200 to 599.';
  if (commit !== undefined && typeof commit !== 'boolean') return 'commit must be true or false.';
  if (!isHeaders(headers)) return 'headers must be an object of texts.';
  return {
    given: entry,
    match,
    ending,
    ...(nth === undefined ? {} : { nth }),
    ...(times === undefined ? {} : { times }),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(status === undefined ? {} : { status }),
    ...(commit === undefined ? {} : { commit }),
    ...(headers === undefined ? {} : { headers }),
    ...('body' in rule ? { body: rule['body'] } : {}),
    ...('bodyPatch' in rule ? { bodyPatch: rule['bodyPatch'] } : {}),
  };
}

function endingOf(then: unknown): Ending | undefined {
  if (then === undefined) return 'respond';
  if (then === 'rst') return 'reset';
  return ENDINGS.find(ending => ending === then);
}

function isPattern(match: string): boolean {
  try {
    asPattern(match);
    return true;
  } catch {
    return false;
  }
}

const isCount = (value: unknown, least: number, most: number): value is number | undefined =>
  value === undefined ||
  (Number.isInteger(value) && Number(value) >= least && Number(value) <= most);

const isHeaders = (value: unknown): value is Readonly<Record<string, string>> | undefined =>
  value === undefined ||
  (typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(one => typeof one === 'string'));
