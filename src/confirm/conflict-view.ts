import { isRaw, type Raw } from '../fhir/ask.ts';
import type { Conflict } from '../outbox/delivered.ts';
import { isConfirmKey, sayConfirm } from '../shell/words/confirm-words.ts';
import { plainValue } from './plain-value.ts';
import { moment } from './status-view.ts';

interface Row {
  readonly label: string;
  readonly read: string;
  readonly theirs: string;
  /** Undefined: the person did not change this one. */
  readonly mine: string | undefined;
}

export interface ConflictView {
  readonly title: string;
  /** Nothing of what the person changed has been changed by anybody else. */
  readonly apart: boolean;
  /** The resource is gone: there is nothing to set a change on. */
  readonly gone: boolean;
  readonly rows: readonly Row[];
  readonly others: readonly Row[];
}

/** One shared resource in two versions: as the person saw it and as it is, beside what the person set. */
export function conflictView({ ref, theirs, read, mine }: Conflict, now: Date): ConflictView {
  const hva = nameOf(ref, theirs ?? read);
  const saved = isRaw(theirs?.['meta']) ? theirs['meta']['lastUpdated'] : undefined;
  const rows = mine.map(({ at, label, words }) => ({
    label,
    read: plainValue(valueAt(read, at)),
    theirs: theirs ? plainValue(valueAt(theirs, at)) : sayConfirm('conflict.empty'),
    mine: words,
  }));
  const set = new Set(mine.map(({ at }) => at));
  return {
    title: titleOf(hva, theirs, typeof saved === 'string' ? moment(saved, now) : undefined),
    gone: !theirs,
    apart:
      theirs !== undefined && mine.every(({ at }) => same(valueAt(read, at), valueAt(theirs, at))),
    rows,
    others: theirs
      ? [...placesIn(read, theirs)]
          .filter(at => !set.has(at) && !same(valueAt(read, at), valueAt(theirs, at)))
          .map(at => ({
            label: labelOf(at),
            read: plainValue(valueAt(read, at)),
            theirs: plainValue(valueAt(theirs, at)),
            mine: undefined,
          }))
      : [],
  };
}

function titleOf(hva: string, theirs: Raw | undefined, tid: string | undefined): string {
  if (!theirs) {
    const text = sayConfirm('conflict.gone', { hva });
    return text.charAt(0).toUpperCase() + text.slice(1);
  }
  return tid
    ? sayConfirm('conflict.changed.at', { hva, tid })
    : sayConfirm('conflict.changed', { hva });
}

/** «målet «Klare kvelden»» */
function nameOf(ref: string, resource: Raw): string {
  const kind = `conflict.${ref.split('/')[0]}`;
  const what = sayConfirm(isConfirmKey(kind) ? kind : 'conflict.other');
  const { description, title } = resource;
  const called = title ?? (isRaw(description) ? description['text'] : description);
  return typeof called === 'string' ? `${what} «${called}»` : what;
}

const EXTENSION = 'extension:';

/** Every place something can be set (`Setting.at`), in either version. The server's own bookkeeping is none. */
function placesIn(...versions: readonly Raw[]): ReadonlySet<string> {
  return new Set(
    versions.flatMap(version =>
      Object.keys(version)
        .filter(name => !['meta', 'id', 'resourceType', 'text', 'extension'].includes(name))
        .concat(extensionsOf(version).map(({ url }) => EXTENSION + String(url))),
    ),
  );
}

function extensionsOf(version: Raw): readonly Raw[] {
  const { extension } = version;
  return Array.isArray(extension) ? extension.filter(isRaw) : [];
}

function valueAt(version: Raw, at: string): unknown {
  if (!at.startsWith(EXTENSION)) return version[at];
  const found = extensionsOf(version).filter(({ url }) => url === at.slice(EXTENSION.length));
  return found.length > 0 ? found : undefined;
}

function labelOf(at: string): string {
  if (at.startsWith(EXTENSION)) return at.slice(at.lastIndexOf('/') + 1);
  const key = `element.${at}`;
  return isConfirmKey(key) ? sayConfirm(key) : at;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
