import type { Observed } from '../record/observations/observation.ts';
import { type Series, trendOf } from '../record/observations/series.ts';
import type { Shared } from '../record/reading.ts';
import { Gradually } from './Gradually.tsx';
import { ItemBox } from './ItemBox.tsx';
import { flagWords } from './state-view.ts';
import { Text } from './Text.tsx';
import { Trend } from './Trend.tsx';
import { factsOn, outsideText, rangesText, whenText, wholeText } from './value-text.ts';
import { t } from './words/words.ts';

type Seen = Observed & Shared<Observed>;

interface Props<T extends Seen> {
  readonly series: Series<T>;
  /** Beside the date: how old it is, where that matters. */
  readonly age?: (item: T) => string | undefined;
  /** What more is known of one answer, e.g. the report it came in. */
  readonly more?: (item: T) => readonly string[];
}

/** One analyte or one kind of measurement: the newest value first, its line, and every value in a table behind it. */
export function SeriesItem<T extends Seen>(props: Props<T>) {
  const { series, age } = props;
  const { newest, older } = series;
  const name = newest.name ?? t('value.noName');
  const trend = trendOf(series);
  const outside = outsideText(newest);
  const facts = factsFor(props, newest);
  return (
    <ItemBox item={newest}>
      <h3 class="measured">
        <Text of={name} />
        <span class="value">
          <Text of={wholeText(newest)} />
        </span>
      </h3>
      <p class="muted">
        {[whenText(newest.at), age?.(newest), outside, rangesText(newest.value)]
          .filter(part => part !== undefined)
          .map((part, index) => (
            <span key={index}>
              {index > 0 && ' · '}
              <Text of={part} />
            </span>
          ))}
      </p>
      {facts.map((fact, index) => (
        <p key={index} class="muted">
          <Text of={fact} />
        </p>
      ))}
      {trend && <Trend of={trend} name={name} />}
      {older.length > 0 && (
        <details class="ds-details fold">
          <summary>{t('value.all', { n: older.length + 1 })}</summary>
          <table class="values" aria-label={name}>
            <thead>
              <tr>
                <th scope="col">{t('value.when')}</th>
                <th scope="col">{t('value.value')}</th>
              </tr>
            </thead>
            <tbody>
              <Gradually
                rows={[newest, ...older].map((item, index) => (
                  <Row
                    key={index}
                    item={item}
                    first={index === 0}
                    factsOf={one => factsFor(props, one)}
                  />
                ))}
              />
            </tbody>
          </table>
        </details>
      )}
    </ItemBox>
  );
}

const factsFor = <T extends Seen>({ more }: Props<T>, item: T) => [
  ...factsOn(item),
  ...(more?.(item) ?? []),
];

interface RowProps<T extends Seen> {
  readonly item: T;
  /** The newest has its own place above the table: it is one item on screen, said twice. */
  readonly first: boolean;
  readonly factsOf: (item: T) => readonly string[];
}

function Row<T extends Seen>({ item, first, factsOf }: RowProps<T>) {
  const { flags, source } = item;
  const beside = [
    outsideText(item),
    rangesText(item.value),
    ...factsOf(item),
    ...flags.map(flagWords),
  ];
  return (
    <tr
      data-item-id={first ? undefined : source.ref}
      data-flag={first || flags.length === 0 ? undefined : flags.join(' ')}
    >
      <th scope="row">{whenText(item.at)}</th>
      <td>
        <span class="value">
          <Text of={wholeText(item)} />
        </span>
        {beside.map(
          (fact, index) =>
            fact && (
              <p key={index} class="muted">
                <Text of={fact} />
              </p>
            ),
        )}
      </td>
    </tr>
  );
}
