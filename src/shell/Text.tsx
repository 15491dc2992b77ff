// Characters that change what is read without being seen: direction overrides and isolates, zero-width
// characters, other controls. Line breaks and tabs are ordinary.
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

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
        .map((part, index) => (index % 2 ? <span class="together">{part}</span> : part))}
    </bdi>
  );
}
