import { useSignal } from '@preact/signals';
import { z } from 'zod/mini';
import { keepOwnIssuers, ownIssuers } from '../extension/settings.ts';
import { isSafe } from '../launch/allow-list.ts';
import { checkConfiguration } from '../launch/configuration.ts';
import { LaunchStopped } from '../launch/failure.ts';
import { sayOptions } from '../shell/words/options-words.ts';

const FIELDS = ['label', 'iss', 'clientId', 'ehrOrigin'] as const;

/** Where no organisation has set Sideplan up: one's own record system, after saying yes to what is done with it. */
export function AddIssuer() {
  const problem = useSignal<string | undefined>(undefined);
  const kept = useSignal(false);
  const add = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    problem.value = await keep(name => textOf(data.get(name)), data.has('agreed'));
    kept.value = problem.value === undefined;
    if (kept.value) form.reset();
  };
  return (
    <section aria-labelledby="add">
      <h2 id="add">{sayOptions('add')}</h2>
      <form
        onSubmit={event => {
          event.preventDefault();
          void add(event.currentTarget);
        }}
      >
        {FIELDS.map(name => (
          <label key={name} class="field">
            <span>{sayOptions(`add.${name}`)}</span>
            <input name={name} autocomplete="off" spellcheck={false} />
          </label>
        ))}
        <label class="agree">
          <input type="checkbox" name="agreed" />
          <span>{sayOptions('add.agreed')}</span>
        </label>
        {problem.value !== undefined && <p role="alert">{problem.value}</p>}
        <output>{kept.value && sayOptions('add.kept')}</output>
        <button type="submit" class="ds-button">
          {sayOptions('add.keep')}
        </button>
      </form>
    </section>
  );
}

const textOf = (field: FormDataEntryValue | null) =>
  typeof field === 'string' ? field.trim() : '';

const Own = z.array(z.looseObject({ iss: z.string() }));

/** What is wrong with it, in words; undefined when it has been kept. */
async function keep(
  field: (name: (typeof FIELDS)[number]) => string,
  agreed: boolean,
): Promise<string | undefined> {
  if (!agreed) return sayOptions('add.not-agreed');
  const [label, iss, clientId] = [field('label'), field('iss'), field('clientId')];
  if (!label || !iss || !clientId) return sayOptions('add.incomplete');
  const page = field('ehrOrigin');
  if (!isSafe(iss, NOTHING) || (page && !isSafe(page, NOTHING))) return sayOptions('add.unsafe');
  const own = Own.safeParse(await ownIssuers());
  const others = own.success ? own.data.filter(issuer => issuer.iss !== iss) : [];
  const ehrOrigins = page ? { ehrOrigins: [new URL(page).origin] } : {};
  const issuers = [...others, { iss, clientId, label, ...ehrOrigins }];
  try {
    checkConfiguration({ issuers });
  } catch (error) {
    if (!(error instanceof LaunchStopped)) throw error;
    return error.failure.kind === 'configuration-wrong'
      ? error.failure.problems.join('; ')
      : sayOptions('add.incomplete');
  }
  await keepOwnIssuers(issuers);
  return undefined;
}

/** No configuration here allows plain http. */
const NOTHING = { allowInsecureLoopback: false };
