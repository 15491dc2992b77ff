import type { ComponentChildren } from 'preact';
import { ItemBox } from '../shell/ItemBox.tsx';
import { CopyIcon, PhoneIcon } from '../shell/icons.tsx';
import { Text } from '../shell/Text.tsx';
import { t } from '../shell/words/words.ts';
import type { ContactRow, NumberView } from './contacts-view.ts';
import { useCopy } from './copy.ts';

interface Props {
  readonly row: ContactRow;
  readonly whole: boolean;
  readonly first: boolean;
}

/** One contact. The first is a large button; the others within reach are one line with the same number and actions. */
export function ContactItem({ row, whole, first }: Props) {
  const large = whole || first;
  return (
    <ItemBox
      item={row.contact}
      class={large ? 'contact large' : 'contact'}
      look={row.state}
      hidden={!whole && !row.near && !first}
    >
      <p class="contact-name">
        <span class="position">{row.position}</span> <Text of={row.name} />
      </p>
      <div class="contact-about">
        <p class="muted">
          <span class="hours">{row.hours}</span>
          {(whole ? row.about : row.aboutShort).map((part, index) => (
            <span key={index}>
              {' · '}
              <Text of={part} />
            </span>
          ))}
        </p>
        {large && row.purpose && (
          <p class={whole ? '' : 'muted'}>
            <Text of={row.purpose} />
          </p>
        )}
      </div>
      {row.main ? (
        <Number number={row.main} copyLabel={row.copyLabel} large={large} first={first} />
      ) : (
        <p class="instead">{row.instead}</p>
      )}
      {whole && <Details row={row} />}
      {!whole && row.stale && <p class="warn">{row.confirmed}</p>}
    </ItemBox>
  );
}

function Details({ row }: { readonly row: ContactRow }) {
  return (
    <>
      {row.hoursNote && (
        <p class="muted">
          <Text of={row.hoursNote} />
        </p>
      )}
      {row.others.map((other, index) => (
        <p key={index} class="other-number">
          {other.old ? <s>{other.text}</s> : <Other number={other} />}
          {other.note && <span class="muted"> {other.note}</span>}
        </p>
      ))}
      <p class={row.stale ? 'warn' : 'muted'}>{row.confirmed}</p>
    </>
  );
}

/** A second number: smaller, and as callable as the first. */
function Other({ number }: { readonly number: NumberView }) {
  return number.href ? (
    <a href={number.href} aria-label={number.label}>
      {number.text}
    </a>
  ) : (
    <Text of={number.text} />
  );
}

interface NumberProps {
  readonly number: NumberView;
  readonly copyLabel: string;
  readonly large: boolean;
  readonly first: boolean;
}

function Number({ number, copyLabel, large, first }: NumberProps) {
  const { shown, said, copy } = useCopy(number.copy);
  const inButton = large && number.dial !== 'text';
  const text = (
    <bdi ref={shown} class="number" elementtiming={first ? 'contacts' : undefined}>
      <Text of={number.text} />
    </bdi>
  );
  return (
    <>
      {(!inButton || number.note) && (
        <p class="number-line">
          {!inButton && text} {number.note && <span class="muted">{number.note}</span>}
        </p>
      )}
      <div class="actions">
        <Dial number={number}>{inButton && text}</Dial>
        <button
          type="button"
          class="ds-button copy"
          data-variant="secondary"
          aria-label={copyLabel}
          title={t('call.copy')}
          onClick={() => void copy()}
        >
          {large ? t('call.copy.short') : <CopyIcon />}
        </button>
      </div>
      <output class="said">{said}</output>
    </>
  );
}

interface DialProps {
  readonly number: NumberView;
  readonly children: ComponentChildren;
}

/** A link to the phone; for a test person something that looks like one, says so, and dials nothing. */
function Dial({ number, children }: DialProps) {
  const content = (
    <>
      <PhoneIcon /> {children}
    </>
  );
  if (number.href)
    return (
      <a class="ds-button dial" href={number.href} aria-label={number.label}>
        {content}
      </a>
    );
  if (number.dial === 'text') return null;
  return (
    <button type="button" class="ds-button dial" aria-disabled="true" aria-label={number.label}>
      {content}
    </button>
  );
}
