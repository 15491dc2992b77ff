import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { density, theme } from './appearance.ts';
import { useEscape } from './escape.ts';
import { language, speak, t } from './words/words.ts';

/** ⋯: what belongs to the person at the screen, never to the patient. */
export function Menu() {
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
          <Choice
            label={t('set.lang')}
            value={language.value}
            options={{ nb: 'Norsk', en: 'English' }}
            choose={wanted => void speak(wanted)}
          />
          <Choice
            label={t('set.theme')}
            value={theme.value}
            options={{
              auto: t('set.theme.auto'),
              light: t('set.theme.light'),
              dark: t('set.theme.dark'),
            }}
            choose={wanted => {
              theme.value = wanted;
            }}
          />
          <Choice
            label={t('set.density')}
            value={density.value}
            options={{
              airy: t('set.density.airy'),
              normal: t('set.density.normal'),
              tight: t('set.density.tight'),
            }}
            choose={wanted => {
              density.value = wanted;
            }}
          />
        </div>
      )}
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: Readonly<Record<Value, string>>;
  readonly choose: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, options, choose }: ChoiceProps<Value>) {
  const values = Object.keys(options).filter((key): key is Value => key in options);
  return (
    <label class="choice">
      <span>{label}</span>
      <select
        value={value}
        onChange={event => {
          const wanted = values.find(known => known === event.currentTarget.value);
          if (wanted) choose(wanted);
        }}
      >
        {values.map(option => (
          <option key={option} value={option}>
            {options[option]}
          </option>
        ))}
      </select>
    </label>
  );
}
