import type { z } from 'zod/mini';
import { isRaw, type Raw } from '../../fhir/ask.ts';
import { Codeable, hasCode, valueIn, volven, wording } from '../../fhir/shapes.ts';
import { certaintyOf } from '../critical/critical.ts';
import {
  codingsIn,
  detailsOf,
  extensionsEnding,
  valueEnding,
} from '../critical/critical-details.ts';
import type { CriticalItem, CriticalKind } from '../model.ts';
import type { Reader } from '../sift.ts';
import { isOver } from '../when.ts';

/**
 * Kjernejournal's shapes (`Kj…`, FHIR.md 4.2), read on top of R4's: what R4 says in an element of its own counts first,
 * then the same code wherever else it stands, because whole examples of the profiles are not published.
 *
 * `kind`: what was asked for. Everything kjernejournal has here is critical information.
 */
export const kjReader = <Shape extends z.ZodMiniType>(
  reader: Reader<Shape, CriticalItem>,
  kind: CriticalKind,
  now: Date,
): Reader<Shape, CriticalItem> => ({
  shape: reader.shape,
  item: (wire, about, raw) => fromKj(reader.item(wire, about, raw), raw, kind, now),
  unreadable: (about, raw) => ({ ...reader.unreadable(about, raw), kind }),
});

function fromKj(item: CriticalItem, raw: Raw, kind: CriticalKind, now: Date): CriticalItem {
  const anywhere: Codeable = { coding: [...codingsIn(raw)] };
  const validUntil = item.validUntil ?? valueEnding(raw, 'validUntil');
  const { by, updated } = detailsOf(item);
  const certainty = certaintyIn(item, raw, anywhere);
  const isRefuted = certainty === 'refuted' && item.currency !== 'over';
  return {
    ...item,
    kind: item.kind === 'other' ? kind : item.kind,
    text: item.text ?? textIn(raw),
    details: [...new Set([...item.details, ...notesIn(raw)])],
    severity: severityIn(item, anywhere),
    certainty,
    ...(isRefuted ? { currency: 'over', flags: [...item.flags, 'inactive'], none: undefined } : {}),
    validUntil,
    // Shown all the same, and marked: «avgrensning» stays in force after its date (FHIR.md 4.2).
    expired: isOver(validUntil, now),
    recorded: item.recorded ?? updated,
    by,
  };
}

/** Volven 7520; where two places disagree, the more serious. */
function severityIn({ severity }: CriticalItem, anywhere: Codeable): CriticalItem['severity'] {
  if (severity === 'high' || hasCode(anywhere, '7520', '1')) return 'high';
  return severity ?? (hasCode(anywhere, '7520', '2') ? 'low' : undefined);
}

/** R4 4.0.1 has no «presumed»: KjPresumed or Volven 7521 say it beside `unconfirmed`. 7524#2 is «avkreftet». */
function certaintyIn(
  { certainty }: CriticalItem,
  raw: Raw,
  anywhere: Codeable,
): CriticalItem['certainty'] {
  if (certainty === 'refuted' || hasCode(anywhere, '7524', '2')) return 'refuted';
  const verification = isRaw(raw['verificationStatus']) ? raw['verificationStatus'] : {};
  const [presumed] = extensionsEnding(verification, 'KjPresumed');
  if (presumed?.['valueBoolean'] === true) return 'presumed';
  if (certainty !== 'unknown' && certainty !== 'suspected') return certainty;
  const listed = certaintyOf({
    coding: anywhere.coding.filter(({ system }) => volven(system) === '7521'),
  });
  if (listed !== 'unknown') return listed;
  return hasCode(anywhere, '7524', '1') ? 'confirmed' : certainty;
}

/** What sorts, grades or vouches for the information is not what it is. */
const ABOUT_IT: ReadonlySet<string | undefined> = new Set([
  '7650',
  '7651',
  '7520',
  '7521',
  '7524',
  '7498',
]);

/** `code` where R4 has one, else the category or an extension, by the first that says what it is. */
function textIn(raw: Raw): string | undefined {
  const places = [
    raw['code'],
    raw['category'],
    ...extensionsEnding(raw, '')
      .filter(({ url = '' }) => !url.endsWith('SourceOfInformation'))
      .map(({ valueCodeableConcept }) => valueCodeableConcept),
  ];
  for (const place of places.flat()) {
    const parsed = Codeable.safeParse(place);
    if (!parsed.success) continue;
    const { text, coding } = parsed.data;
    const telling = coding.filter(({ system }) => !ABOUT_IT.has(volven(system)));
    const said = wording({
      text: telling.length < coding.length ? undefined : text,
      coding: telling,
    });
    if (said) return said;
  }
  return undefined;
}

/** Flag and Consent have no `note` of their own; CodeInfoText explains the code. */
const notesIn = (raw: Raw): readonly string[] =>
  ['/note', 'CodeInfoText'].flatMap(ending =>
    extensionsEnding(raw, ending).flatMap(extension => valueIn(extension) ?? []),
  );
