import type { Plan } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { timeText, wallClock, weekdayText } from '../shell/dates.ts';
import { useNow } from '../shell/now.ts';
import { Overlay } from '../shell/Overlay.tsx';
import { usePainted } from '../shell/painted.ts';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { Text } from '../shell/Text.tsx';
import { t } from '../shell/words/words.ts';
import { ContactItem } from './ContactItem.tsx';
import { contactsReading } from './contacts-reading.ts';
import { contactsView } from './contacts-view.ts';
import './contacts.css';

interface Props {
  readonly plans: Reading<Plan>;
  /** The plan on the acute tab. */
  readonly shown: Plan | undefined;
  /** All of them, or those within reach. */
  readonly whole: boolean;
  /** Only what will be seen of them is drawn as yet. */
  readonly hurried: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

const FRESH_HOURS = 24 * 30;

/** Ring: whom to call now, in the order they can be reached, and whom never to call. */
export function Contacts({ plans, shown, whole, hurried, open, close }: Props) {
  const { patient, session, teams } = useRecord();
  const now = useNow();
  const { reading, contacts, teamUnread, fromTeams } = contactsReading(plans, shown, teams.value);
  const who = patient.value;
  const person = who.state === 'loading' ? undefined : who.items[0];
  const test = person?.test === true;
  const dial = !person || person.flags.includes('unreadable') ? 'not-yet' : test ? 'test' : 'on';
  const view = contactsView(contacts, now, dial);
  const rows = hurried
    ? view.rows.filter(({ near, position }) => near || position === 1)
    : view.rows;
  usePainted('contacts', view.rows.length > 0);
  return (
    <Overlay
      open={whole}
      title={t('call.all', { n: view.rows.length })}
      openerId="alle-kontakter"
      close={close}
    >
      <h2 class="heading" hidden={whole}>
        {t('call')}
        <span class="aside">
          {weekdayText(wallClock(now).weekday)} {timeText(now)}
        </span>
      </h2>
      <ReadingFrame
        section="contacts"
        label={t('call')}
        subject={{
          what: t('section.contacts'),
          none: shown ? undefined : { title: noneTitle(), advice: t('call.nonePlan') },
        }}
        reading={reading}
        fresh={FRESH_HOURS}
        skeleton={4}
        sourced={whole}
      >
        {() => (
          <>
            {teamUnread && <p class="flag">{t('call.team.unread', { source: session.label })}</p>}
            {fromTeams && <p class="flag">{t('call.fromTeams')}</p>}
            {contacts.unreadTeams > 0 && (
              <p class="flag">{t('call.teams.unread', { n: contacts.unreadTeams })}</p>
            )}
            {!contacts.denialsKnown && <p class="flag">{t('call.never.unknown')}</p>}
            {whole && <p class="muted">{t('call.sorted')}</p>}
            <ol class="contacts">
              {rows.map(row => (
                <ContactItem
                  // With its rank: the focus follows the contact when the order changes, also where one is named twice.
                  key={`${row.contact.source.ref} ${row.contact.rank}`}
                  row={row}
                  whole={whole}
                  first={row.position === 1}
                />
              ))}
            </ol>
            {!whole &&
              [view.closed, view.unread].map(
                line =>
                  line && (
                    <p key={line} class="muted closed">
                      <Text of={line} />
                    </p>
                  ),
              )}
            {view.never.map((line, index) => (
              <p key={index} class="never">
                <span aria-hidden="true">✕ </span>
                <Text of={line} />
              </p>
            ))}
            {view.rows.length > 0 && !whole && (
              <button type="button" id="alle-kontakter" class="more" onClick={open}>
                {t('call.all', { n: view.rows.length })} <span aria-hidden="true">›</span>
              </button>
            )}
            {test && view.rows.length > 0 && <p class="muted">{t('call.test.short')}</p>}
          </>
        )}
      </ReadingFrame>
    </Overlay>
  );
}

const noneTitle = () => t('state.none-recorded', { what: t('section.contacts') });
