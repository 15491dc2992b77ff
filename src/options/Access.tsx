import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { askForHosts, hostsMissing } from '../extension/hosts.ts';
import { sayOptions } from '../shell/words/options-words.ts';

/** Chrome asks the person about each address once; until then the record system's pages cannot hand over a patient. */
export function Access({ configuration }: { readonly configuration: unknown }) {
  const missing = useSignal<readonly string[]>([]);
  useEffect(() => {
    let current = true;
    const read = async () => {
      const found = await hostsMissing(configuration);
      if (current) missing.value = found;
    };
    void read();
    return () => {
      current = false;
    };
  }, [configuration, missing]);
  const ask = async () => {
    if (await askForHosts(missing.value)) missing.value = await hostsMissing(configuration);
  };
  if (missing.value.length === 0) return null;
  return (
    <section aria-labelledby="access">
      <h2 id="access">{sayOptions('access')}</h2>
      <p>{sayOptions('access.why')}</p>
      <ul>
        {missing.value.map(host => (
          <li key={host}>
            <bdi>{host}</bdi>
          </li>
        ))}
      </ul>
      <button type="button" class="ds-button" onClick={() => void ask()}>
        {sayOptions('access.give')}
      </button>
    </section>
  );
}
