import { sayOptions } from '../shell/words/options-words.ts';

const SAID = ['what', 'where', 'kept', 'not', 'who', 'undo'] as const;

/** What is done with health information, to be read before anybody says yes to it. */
export function Privacy() {
  return (
    <section aria-labelledby="privacy">
      <h2 id="privacy">{sayOptions('privacy')}</h2>
      <ul>
        {SAID.map(each => (
          <li key={each}>{sayOptions(`privacy.${each}`)}</li>
        ))}
      </ul>
    </section>
  );
}
