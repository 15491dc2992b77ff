/** Letters of PDF's WinAnsiEncoding that stand elsewhere than in Latin-1 (PDF 32000-1, annex D.2). */
const winAnsi: Readonly<Record<string, number>> = { '–': 0x96, '—': 0x97, '•': 0x95, '€': 0x80 };

/** A PDF of one page with a few lines of text: valid, and small enough to be made anew each time. */
export function pdfOf(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  const text = lines.map(line => `(${escaped(line)}) Tj T*`).join('\n');
  const stream = `BT /F1 12 Tf 16 TL 56 780 Td\n${text}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = file.length;
  // Every line of the table is twenty bytes, its line end included.
  const table = offsets.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(Buffer.from(file, 'latin1'));
}

/** Only ASCII in the file, so that its length in letters is its length in bytes. */
function escaped(line: string): string {
  return Array.from(line, letter => {
    if (/[\\()]/.test(letter)) return `\\${letter}`;
    const code = winAnsi[letter] ?? letter.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) return letter;
    return code > 0xff ? '?' : `\\${code.toString(8).padStart(3, '0')}`;
  }).join('');
}
