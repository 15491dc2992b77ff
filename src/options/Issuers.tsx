import { z } from 'zod/mini';
import { keepOwnIssuers, ownIssuers, type Settings } from '../extension/settings.ts';
import { sayOptions } from '../shell/words/options-words.ts';

const Listed = z.looseObject({
  issuers: z.array(z.looseObject({ iss: z.string(), label: z.string() })),
});

/** The record systems Sideplan may open, and who has decided it. Only one's own can be taken away here. */
export function Issuers({ settings: { from, configuration } }: { readonly settings: Settings }) {
  const listed = Listed.safeParse(configuration);
  const issuers = listed.success ? listed.data.issuers : [];
  return (
    <section aria-labelledby="issuers">
      <h2 id="issuers">{sayOptions('issuers')}</h2>
      <p>{sayOptions(`from.${from}`)}</p>
      {issuers.length === 0 && <p>{sayOptions('issuers.empty')}</p>}
      <ul>
        {issuers.map(({ iss, label }) => (
          <li key={iss}>
            <strong>
              <bdi>{label}</bdi>
            </strong>{' '}
            <bdi>{iss}</bdi>{' '}
            {from === 'own' && (
              <button
                type="button"
                class="ds-button"
                data-variant="secondary"
                onClick={() => void takeAway(iss)}
              >
                {sayOptions('remove', { label })}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const Own = z.array(z.looseObject({ iss: z.string() }));

async function takeAway(iss: string): Promise<void> {
  const own = Own.safeParse(await ownIssuers());
  await keepOwnIssuers(own.success ? own.data.filter(issuer => issuer.iss !== iss) : []);
}
