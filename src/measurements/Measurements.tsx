import { useRecord } from '../record/record.ts';
import { Newest } from '../shell/Newest.tsx';
import { useNow } from '../shell/now.ts';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { SeriesItem } from '../shell/SeriesItem.tsx';
import { Text } from '../shell/Text.tsx';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { ageText, type MeasurementsView, measurementsView } from './measurements-view.ts';

const FRESH_HOURS = 48;
const SHOWN = 6;

/** Home measurements (S17): value, state of the source and the plan's words are three separate things. */
export function Measurements() {
  const { measurements, plans } = useRecord();
  const now = useNow();
  const reading = measurements.value;
  const view = measurementsView(reading, plans.value, now);
  return (
    <>
      <h2 class="heading">{t('section.measurements')}</h2>
      <ReadingFrame
        section="measurements"
        label={t('section.measurements')}
        subject={{ what: t('section.measurements') }}
        reading={reading}
        fresh={FRESH_HOURS}
        skeleton={3}
      >
        {({ items }) =>
          items.length > 0 && (
            <>
              {view.copy && <p class="warn">{view.copy}</p>}
              <Newest
                rows={view.kinds.map(series => (
                  <SeriesItem
                    key={series.newest.source.from + series.newest.source.ref}
                    series={series}
                    age={item => ageText(item, now)}
                  />
                ))}
                shown={SHOWN}
              />
              <Zones view={view} />
              <p class="muted">{t('measure.legend')}</p>
            </>
          )
        }
      </ReadingFrame>
    </>
  );
}

function Zones({ view }: { readonly view: MeasurementsView }) {
  return (
    <>
      {view.zones.length > 0 && (
        <section>
          <h3 class="heading">{t('measure.zones')}</h3>
          <ul class="plain">
            {view.zones.map(({ zone, name, text }) => (
              <li key={zone.source.ref} class="zone" data-look={zone.level}>
                <p class="strong">{name}</p>
                <Text of={text} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {view.zonesUnread && <p class="muted">{view.zonesUnread}</p>}
    </>
  );
}
