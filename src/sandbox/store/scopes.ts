/** SMART scopes, v1 and v2 (SMART App Launch 2.2, Scopes and Launch Context). */

import { isKept } from '../r4/table.ts';
import { type Criterion, criterion, type World } from './criteria.ts';

export type Operation = 'c' | 'r' | 'u' | 'd' | 's';

export interface Grant {
  readonly level: 'patient' | 'user' | 'system';
  /** `*` = every type. */
  readonly type: string;
  readonly operations: string;
  /** `category=laboratory` */
  readonly restriction: string;
}

/** `launch`, `openid` and other scopes that are not about resources give nothing here. */
export function readScopes(scopes: readonly string[]): Grant[] {
  return scopes.flatMap(scope => {
    const [, level, type, written = '', restriction = ''] =
      /^(patient|user|system)\/([A-Za-z]+|\*)\.([a-z]+|\*)(?:\?(.*))?$/.exec(scope) ?? [];
    if (level !== 'patient' && level !== 'user' && level !== 'system') return [];
    const operations = operationsOf(written);
    return type === undefined || operations === ''
      ? []
      : [{ level, type, operations, restriction }];
  });
}

export function covers(grant: Grant, type: string, operation: Operation): boolean {
  return (grant.type === '*' || grant.type === type) && grant.operations.includes(operation);
}

/** The `?category=..` of a scope as tests; a parameter the type lacks lets nothing through. */
export function restrictionOf(
  grant: Grant,
  type: string,
  world: Pick<World, 'baseUrl' | 'now'>,
): readonly Criterion[] {
  if (grant.restriction === '' || !isKept(type)) return [];
  return [...new URLSearchParams(grant.restriction)].map(
    ([name, value]) => criterion(type, name, value, world) ?? NOTHING,
  );
}

const NOTHING: Criterion = { code: '', test: () => false };

/** v1 `read` and `write`; v2 letters only in the order `cruds`, as the specification demands. */
function operationsOf(written: string): string {
  if (written === '*') return 'cruds';
  if (written === 'read') return 'rs';
  if (written === 'write') return 'cud';
  return /^c?r?u?d?s?$/.test(written) ? written : '';
}
