import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { onSettings, type Settings, settings } from '../extension/settings.ts';
import { sayOptions } from '../shell/words/options-words.ts';
import { language, speak } from '../shell/words/words.ts';
import { Access } from './Access.tsx';
import { AddIssuer } from './AddIssuer.tsx';
import { Issuers } from './Issuers.tsx';
import './options.css';
import { Privacy } from './Privacy.tsx';

/** S25 for the extension: which record systems, where from, and what is done with what. No patient is ever on this page. */
export function Options() {
  const now = useSignal<Settings | undefined>(undefined);
  useEffect(() => {
    const read = async () => {
      now.value = await settings();
    };
    onSettings(() => void read());
    void read();
  }, [now]);
  const shown = now.value;
  return (
    <main class="options">
      <h1>{sayOptions('title')}</h1>
      <label class="choice">
        <span>{sayOptions('language')}</span>
        <select
          value={language.value}
          onChange={event => void speak(event.currentTarget.value === 'en' ? 'en' : 'nb')}
        >
          <option value="nb">Norsk</option>
          <option value="en">English</option>
        </select>
      </label>
      {shown ? (
        <>
          <Issuers settings={shown} />
          <Access configuration={shown.configuration} />
          {shown.from === 'policy' ? <p>{sayOptions('managed.only')}</p> : <AddIssuer />}
        </>
      ) : (
        <p>{sayOptions('reading')}</p>
      )}
      <Privacy />
    </main>
  );
}
