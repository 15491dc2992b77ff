import { useId } from 'preact/hooks';
import { useRecord } from '../record/record.ts';
import { Gradually } from '../shell/Gradually.tsx';
import { ItemBox } from '../shell/ItemBox.tsx';
import { useNow } from '../shell/now.ts';
import { usePainted } from '../shell/painted.ts';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { DoseText, Text } from '../shell/Text.tsx';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { type Group, medicationsView, reconciledText, statedEmpty } from './medications-view.ts';
import type { MedicineRow } from './medicine-row.ts';
import './medications.css';

const FRESH_HOURS = 24;

/** The medication list (S10): grouped, changed first, every dose on its own line as it was written. */
export function Medications() {
  const { medicines, medicationHeader } = useRecord();
  const now = useNow();
  const header = medicationHeader.value;
  const reconciled = reconciledText(header);
  usePainted('medication', medicines.value.state !== 'loading');
  return (
    <>
      <h2 class="heading">
        {t('pll.title')}
        {reconciled && (
          <span class="aside">
            <Text of={reconciled} />
          </span>
        )}
      </h2>
      <ReadingFrame
        section="medication"
        label={t('section.medication')}
        subject={{
          what: t('section.medication'),
          asserted: statedEmpty(header),
          none: { title: t('pll.notCreated'), advice: t('state.none-recorded.ask') },
        }}
        reading={medicines.value}
        fresh={FRESH_HOURS}
        skeleton={8}
      >
        {({ items }) => (
          <>
            {header?.notes.map((note, index) => (
              <p key={index} class="warn">
                <Text of={note} />
              </p>
            ))}
            {medicationsView(items, now, header?.reconciled).groups.map((group, index) => (
              <GroupList key={group.title} group={group} first={index === 0} />
            ))}
          </>
        )}
      </ReadingFrame>
    </>
  );
}

function GroupList({ group, first }: { readonly group: Group; readonly first: boolean }) {
  const rows = (
    <ul class="plain">
      <Gradually
        rows={group.rows.map((row, index) => (
          <Row key={row.key} row={row} first={first && index === 0} />
        ))}
      />
    </ul>
  );
  return group.folded ? (
    <details class="ds-details fold">
      <summary>{group.title}</summary>
      {rows}
    </details>
  ) : (
    <section>
      <h3 class="heading">{group.title}</h3>
      {rows}
    </section>
  );
}

function Row({ row, first }: { readonly row: MedicineRow; readonly first: boolean }) {
  const name = useId();
  // The whole row is read under its name: «IKKE gi» is heard before the dose, however the row is entered.
  const named = row.not ? ({ role: 'group', 'aria-labelledby': name } as const) : {};
  return (
    <ItemBox
      item={row.medicine}
      flags={row.flags}
      said={row.said}
      class="medicine"
      look={row.not && 'danger'}
    >
      <div {...named}>
        <p class="medicine-name">
          <span id={name}>
            {row.not && <strong class="not">{row.not} </strong>}
            <b elementtiming={first ? 'medication' : undefined}>
              <Text of={row.substance} />
            </b>{' '}
            <DoseText of={row.product} />
          </span>
          {row.badges.map((badge, index) => (
            <span key={index} class={row.changed ? 'tag changed' : 'tag'}>
              <Text of={badge} />
            </span>
          ))}
        </p>
        <Dose row={row} />
        {row.warnings.map(warning => (
          <p key={warning} class="warn">
            <Text of={warning} />
          </p>
        ))}
        {row.elsewhere.map((line, index) => (
          <p key={index} class="elsewhere">
            <DoseText of={line} />
          </p>
        ))}
        {row.facts.map((fact, index) => (
          <p key={index} class="muted">
            <Text of={fact} />
          </p>
        ))}
        {row.notes.map((note, index) => (
          <p key={index} class="remark">
            <Text of={note} />
          </p>
        ))}
      </div>
    </ItemBox>
  );
}

function Dose({ row }: { readonly row: MedicineRow }) {
  return (
    <>
      {row.dose.map((dose, index) => (
        <p key={index} class="dose">
          <span class="label">{t('pll.dose')}</span> <DoseText of={dose} />
        </p>
      ))}
      {row.doseMissing && <p class="dose muted">{row.doseMissing}</p>}
      {row.instructions.map((instruction, index) => (
        <p key={index}>
          <DoseText of={instruction} />
        </p>
      ))}
    </>
  );
}
