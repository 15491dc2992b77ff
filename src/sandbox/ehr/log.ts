/** One request the EHR has received. */
interface LogRow {
  readonly method: string;
  readonly path: string;
  /** 0 = no whole answer was sent. */
  readonly status: number;
  readonly at: string;
  /** This line came inside a batch. */
  readonly batch?: true;
}

export interface RequestLog {
  readonly add: (row: LogRow) => void;
  readonly rows: () => readonly LogRow[];
  readonly clear: () => void;
}

const MOST_ROWS = 10_000;

export function createLog(): RequestLog {
  let rows: LogRow[] = [];
  return {
    add(row) {
      rows.push({ ...row, path: withoutSecrets(row.path) });
      if (rows.length > MOST_ROWS) rows = rows.slice(-MOST_ROWS / 2);
    },
    rows: () => rows,
    clear() {
      rows = [];
    },
  };
}

const SECRET = /([?&](?:launch|code|state|token|access_token|refresh_token|id_token_hint)=)[^&]*/g;
const NATIONAL_ID = /(?<![\dA-Fa-f-])\d{6}(?:\s|%20|\+)?\d{5}(?!\d)/g;

/**
 * SAFETY 1.1, TM05: no code, no state, no launch handle and nobody's national id in a log.
 *
 * In a FHIR search `code` is a clinical code, no secret, and the tests count searches by it.
 */
function withoutSecrets(path: string): string {
  const inFhir = path.startsWith('/fhir');
  const masked = path.replaceAll(SECRET, (whole, name: string) =>
    inFhir && name.endsWith('code=') ? whole : `${name}…`,
  );
  return masked.replaceAll(NATIONAL_ID, '…');
}
