/** What is kept: every version of every resource, an index of who refers to whom, and a way back. */
import type { Resource } from '../types.ts';
import { frozenCopy } from './json.ts';
import { localReference, referencesIn } from './references.ts';

export interface Version {
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
  readonly lastUpdated: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Undefined = this version is the deletion. */
  readonly resource: Resource | undefined;
}

export interface Memory {
  readonly versions: (key: string) => readonly Version[];
  readonly current: (key: string) => Resource | undefined;
  readonly ofType: (type: string) => readonly Resource[];
  /** Every version of every resource of a type, oldest first. */
  readonly versionsOfType: (type: string) => readonly Version[];
  readonly types: () => readonly string[];
  /** Resources of a type (or of any) that refer to `Patient/p1`, in the order they were first stored. */
  readonly referrers: (key: string, type?: string) => readonly Resource[];
  readonly keep: (
    resource: Resource,
    method: 'POST' | 'PUT',
    at: Date,
    seeded?: boolean,
  ) => Version;
  readonly remove: (key: string, at: Date) => Version | undefined;
  readonly newId: (type: string) => string;
  /** Runs the work; when it throws, everything it wrote is undone. */
  readonly attempt: <T>(work: () => T) => T;
}

interface Kept {
  readonly order: number;
  readonly versions: Version[];
}

const NONE: ReadonlySet<string> = new Set();

export function createMemory(baseUrl: string): Memory {
  const byType = new Map<string, Map<string, Kept>>();
  const index = new Map<string, Map<string, Set<string>>>();
  let undo: (() => void)[] | undefined;
  let order = 0;
  let lastId = 0;

  function kept(key: string): Kept | undefined {
    return byType.get(key.split('/')[0] ?? '')?.get(key);
  }

  function versions(key: string): readonly Version[] {
    return kept(key)?.versions ?? [];
  }

  function current(key: string): Resource | undefined {
    return kept(key)?.versions.at(-1)?.resource;
  }

  function ofType(type: string): Resource[] {
    return [...(byType.get(type)?.values() ?? [])].flatMap(each => {
      const resource = each.versions.at(-1)?.resource;
      return resource ? [resource] : [];
    });
  }

  function referrers(key: string, type?: string): Resource[] {
    const found = index.get(key);
    const sets = type === undefined ? [...(found?.values() ?? [])] : [found?.get(type) ?? NONE];
    const keys = sets.flatMap(set => Array.from(set));
    keys.sort((a, b) => (kept(a)?.order ?? 0) - (kept(b)?.order ?? 0));
    return keys.flatMap(each => current(each) ?? []);
  }

  function targetsOf(resource: Resource | undefined): Set<string> {
    const keys = referencesIn(resource).map(each => localReference(each, baseUrl)?.key);
    return new Set(keys.filter(each => each !== undefined));
  }

  function reindex(key: string, before: Resource | undefined, after: Resource | undefined): void {
    const type = key.split('/')[0] ?? '';
    for (const target of targetsOf(before)) index.get(target)?.get(type)?.delete(key);
    for (const target of targetsOf(after)) {
      const types = index.get(target) ?? new Map<string, Set<string>>();
      index.set(target, types);
      types.set(type, (types.get(type) ?? new Set()).add(key));
    }
  }

  function push(version: Version): Version {
    const key = `${version.type}/${version.id}`;
    const ofSameType = byType.get(version.type) ?? new Map<string, Kept>();
    byType.set(version.type, ofSameType);
    const entry = ofSameType.get(key) ?? { order: (order += 1), versions: [] };
    ofSameType.set(key, entry);
    const before = entry.versions.at(-1)?.resource;
    entry.versions.push(version);
    reindex(key, before, version.resource);
    undo?.push(() => {
      entry.versions.pop();
      if (entry.versions.length === 0) ofSameType.delete(key);
      reindex(key, version.resource, before);
    });
    return version;
  }

  /** Trap: a seed may carry version id "3" or none; the next is always one above the highest number so far. */
  function nextVersionId(key: string): string {
    return String(Math.max(0, ...versions(key).map(each => Number(each.versionId) || 0)) + 1);
  }

  function keep(resource: Resource, method: 'POST' | 'PUT', at: Date, seeded = false): Version {
    const { resourceType: type, id = newId(type), meta, ...rest } = resource;
    const given = seeded ? meta : undefined;
    const versionId = given?.versionId ?? nextVersionId(`${type}/${id}`);
    const lastUpdated = given?.lastUpdated ?? at.toISOString();
    const stamped = { resourceType: type, id, meta: { ...meta, versionId, lastUpdated }, ...rest };
    return push({ type, id, versionId, lastUpdated, method, resource: frozenCopy(stamped) });
  }

  function remove(key: string, at: Date): Version | undefined {
    const last = current(key);
    if (!last) return undefined;
    const [lastUpdated, versionId] = [at.toISOString(), nextVersionId(key)];
    const { resourceType: type, id = '' } = last;
    return push({ type, id, versionId, lastUpdated, method: 'DELETE', resource: undefined });
  }

  function newId(type: string): string {
    do lastId += 1;
    while (kept(`${type}/n${lastId}`));
    return `n${lastId}`;
  }

  function attempt<T>(work: () => T): T {
    const steps: (() => void)[] = [];
    undo = steps;
    try {
      return work();
    } catch (problem) {
      undo = undefined;
      for (const step of steps.toReversed()) step();
      throw problem;
    } finally {
      undo = undefined;
    }
  }

  return {
    versions,
    current,
    ofType,
    versionsOfType: type => [...(byType.get(type)?.values() ?? [])].flatMap(each => each.versions),
    types: () => [...byType.keys()],
    referrers,
    keep,
    remove,
    newId,
    attempt,
  };
}
