import type { Trend as Points } from '../record/observations/series.ts';
import { trendText } from './value-text.ts';
import './trend.css';
import { t } from './words/words.ts';

const WIDTH = 120;
const HEIGHT = 32;
const MARGIN = 4;

/** A line through the source's own numbers, as far apart as their dates. No bands, no colours, no conclusion. */
export function Trend({ of, name }: { readonly of: Points; readonly name: string }) {
  const dots = placed(of);
  return (
    <figure class="trend" aria-label={trendText(of, name)}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <polyline points={dots.map(({ x, y }) => `${x},${y}`).join(' ')} />
        {dots.map(({ x, y }, index) => (
          <circle key={index} cx={x} cy={y} r={index === dots.length - 1 ? 3 : 1.5} />
        ))}
      </svg>
      {of.left > 0 && <figcaption class="muted">{t('trend.left', { n: of.left })}</figcaption>}
    </figure>
  );
}

function placed({ points }: Points) {
  const across = spread(
    points.map(({ moment }) => moment),
    WIDTH,
  );
  const up = spread(
    points.map(({ number }) => number),
    HEIGHT,
  );
  return points.map((_, index) => ({ x: across[index] ?? 0, y: HEIGHT - (up[index] ?? 0) }));
}

/** Values along a side of this length, to a tenth of a unit; all in the middle where they are the same. */
function spread(values: readonly number[], length: number): readonly number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = length - 2 * MARGIN;
  return values.map(value => {
    const share = most === least ? 0.5 : (value - least) / (most - least);
    return Math.round((MARGIN + share * room) * 10) / 10;
  });
}
