import type { Reach } from '../types.ts';

/** What may be granted depends on what the launch knows. */
export interface ScopeSituation {
  readonly ehrLaunch: boolean;
  readonly patientKnown: boolean;
  /** FHIR types the server has; undefined = it did not say, so any. */
  readonly types: ReadonlySet<string> | undefined;
  /** Types this user may be granted on this patient. */
  readonly reach: Exclude<Reach, 'none'>;
}

export const PLAIN_SCOPES = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'offline_access',
  'online_access',
] as const;

/** SMART 2.2, Scopes: v1 `patient/Observation.read`, v2 `patient/Observation.rs?category=..`. */
const RESOURCE_SCOPE =
  /^(?<level>patient|user)\/(?<type>\*|[A-Z][A-Za-z]+)\.(?:read|write|\*|(?=[cruds])c?r?u?d?s?(?:\?[^\s]+)?)$/;

/** «Persisting App State»: of one code, for the user's own. It says nothing about any patient. */
const APP_STATE_SCOPE = /^user\/Basic\.c?u?d?s?\?code=[^\s|]+\|[^\s|]+$/;

export const scopesIn = (text: string): readonly string[] => [
  ...new Set(text.split(/\s+/).filter(Boolean)),
];

/** Drops what is unknown or does not fit. Dropping is right here: the client must read what it was granted. */
export function grantable(
  requested: readonly string[],
  situation: ScopeSituation,
): readonly string[] {
  const granted = requested
    .filter(scope => mayGrant(scope, situation))
    .flatMap(scope => within(scope, situation));
  return [...new Set(granted)];
}

/** Under a limit a wildcard is spelled out, so that the client reads for which types it holds. */
function within(scope: string, { reach, types }: ScopeSituation): readonly string[] {
  const { level, type } = RESOURCE_SCOPE.exec(scope)?.groups ?? {};
  if (reach === 'any' || !level || !type) return [scope];
  if (APP_STATE_SCOPE.test(scope)) return [scope];
  if (type !== '*') return reach.has(type) ? [scope] : [];
  const how = scope.slice(`${level}/*`.length);
  return [...reach]
    .filter(one => types === undefined || types.has(one))
    .map(one => `${level}/${one}${how}`);
}

function mayGrant(scope: string, { ehrLaunch, patientKnown, types }: ScopeSituation): boolean {
  if (scope === 'launch') return ehrLaunch;
  if (scope === 'launch/patient') return patientKnown;
  if (PLAIN_SCOPES.some(known => known === scope)) return true;
  const { level, type } = RESOURCE_SCOPE.exec(scope)?.groups ?? {};
  if (!level || !type) return false;
  if (APP_STATE_SCOPE.test(scope)) return true;
  if (level === 'patient' && !patientKnown) return false;
  return type === '*' || types === undefined || types.has(type);
}

/** Interactions in SMART's letters: create, read (also vread), update (also patch), delete, search. */
export type Interaction = 'c' | 'r' | 'u' | 'd' | 's';

const V1_LETTERS: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** Whether a scope of this level covers the interaction. A scope with `?query` counts only where the caller can test it. */
export function covers(
  scopes: readonly string[],
  level: 'patient' | 'user',
  type: string,
  interaction: Interaction,
): boolean {
  return scopes.some(scope => {
    const [who, rest = ''] = scope.split('/', 2);
    const [what, how = ''] = rest.split('.', 2);
    if (who !== level || (what !== '*' && what !== type) || how.includes('?')) return false;
    return (V1_LETTERS[how] ?? how).includes(interaction);
  });
}
