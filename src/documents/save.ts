/** Long enough for the browser to have begun; then the patient's document leaves this page's memory. */
const KEPT_MS = 60_000;

/** Hands a file to the person's own downloads. It is never shown inside this page, whatever is in it. */
export function save(bytes: Uint8Array<ArrayBuffer>, type: string, name: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
