import type { LaunchCell } from './results.ts';

const [WIDTH, LEFT, BAR, GAP, TOP] = [720, 150, 14, 12, 34] as const;

/** Time to contacts at this machine's own speed: the floor's part of each bar, and what Sideplan adds to it. */
export function chartOf(cells: readonly LaunchCell[]): string {
  const shown = cells.filter(({ cpu }) => cpu === 1);
  const longest = Math.max(1, ...shown.map(({ sideplan }) => sideplan.contactsMs));
  const scale = (WIDTH - LEFT - 120) / longest;
  const bars = shown.map((cell, index) => bar(cell, TOP + index * (BAR + GAP), scale));
  const height = TOP + shown.length * (BAR + GAP);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Time from click to contacts: the floor and what Sideplan adds">
<style>text{fill:#1b2733}.floor{fill:#8a99a8}.ours{fill:#b5541c}@media(prefers-color-scheme:dark){text{fill:#e6ebf0}}</style>
<rect class="floor" x="${LEFT}" y="8" width="12" height="12"/><text x="${LEFT + 18}" y="18">the floor</text>
<rect class="ours" x="${LEFT + 100}" y="8" width="12" height="12"/><text x="${LEFT + 118}" y="18">what Sideplan adds, until whom to call is painted</text>
${bars.join('\n')}
</svg>
`;
}

function bar(
  { cache, rttMs, ratio, sideplan, floor }: LaunchCell,
  y: number,
  scale: number,
): string {
  const floorWidth = Math.round(floor.contactsMs * scale);
  const added = Math.max(0, Math.round((sideplan.contactsMs - floor.contactsMs) * scale));
  const text = y + BAR - 3;
  return [
    `<text x="${LEFT - 8}" y="${text}" text-anchor="end">${cache}, RTT ${rttMs} ms</text>`,
    `<rect class="floor" x="${LEFT}" y="${y}" width="${floorWidth}" height="${BAR}"/>`,
    `<rect class="ours" x="${LEFT + floorWidth}" y="${y}" width="${added}" height="${BAR}"/>`,
    `<text x="${LEFT + floorWidth + added + 6}" y="${text}">${Math.round(sideplan.contactsMs)} ms (${ratio.toFixed(2)})</text>`,
  ].join('');
}
