import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useEscape } from './escape.ts';
import { language, speak, t } from './words/words.ts';

export interface MenuProps {
  readonly logOut: () => void;
  /** What else can be done here, where the EHR offers it. */
  readonly more?: ReadonlySignal<ComponentChildren> | undefined;
}

/** ⋯: what belongs to the person at the screen, never to the patient. */
export function Menu({ logOut, more }: MenuProps) {
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  useEscape(open.value, () => {
    open.value = false;
    button.current?.focus();
  });
  return (
    <div class="menu">
      <button
        ref={button}
        type="button"
        class="menu-button"
        aria-label={t('menu.open')}
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        ⋯
      </button>
      {open.value && (
        <div class="menu-panel">
          <label class="choice">
            <span>{t('set.lang')}</span>
            <select
              value={language.value}
              onChange={event => void speak(event.currentTarget.value === 'en' ? 'en' : 'nb')}
            >
              <option value="nb">Norsk</option>
              <option value="en">English</option>
            </select>
          </label>
          <button type="button" class="ds-button" data-variant="secondary" onClick={logOut}>
            {t('menu.logout')}
          </button>
          {more?.value}
        </div>
      )}
    </div>
  );
}
