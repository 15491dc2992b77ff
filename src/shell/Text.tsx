// Characters that change what is read without being seen: direction overrides and isolates, zero-width characters,
// other controls. Tabs and line breaks are ordinary.
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Marks what cannot be seen, so that nobody reads a text other than the one that was written (HZ19). */
export function seen(text: string): string {
  return text.replace(
    UNSEEN,
    hidden => `⟦${hidden.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}⟧`,
  );
}

/** Text from a source. Always text, never markup, and its direction stays inside it. */
export function Text({ of }: { readonly of: string }) {
  return <bdi>{seen(of)}</bdi>;
}

const QUANTITY =
  /(\d[\d.,/]*\s?(?:mg|mikrogram|µg|μg|g|kg|ml|l|mmol|IE|enheter|%|mg\/ml|µg\/ml)(?![\p{L}\d]))/gu;

/** A dose, exactly as written, where no line ends between a number and its unit (HZ10). */
export function DoseText({ of }: { readonly of: string }) {
  return (
    <bdi class="dose-text">
      {seen(of)
        .split(QUANTITY)
        .map((part, index) =>
          index % 2 ? (
            <span key={part} class="together">
              {part}
            </span>
          ) : (
            part
          ),
        )}
    </bdi>
  );
}
