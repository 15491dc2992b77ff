import { useSignal } from '@preact/signals';
import { isFinal, type LaunchFailure } from './failure.ts';

type Kind = LaunchFailure['kind'];
type LaunchKey =
  | `launch.${Kind}.${'title' | 'what' | 'do'}`
  | 'launch.code'
  | 'launch.window'
  | 'launch.window.at'
  | 'launch.retry'
  | 'launch.afresh'
  | 'launch.settings'
  | 'launch.opening';

interface Props {
  readonly failure: LaunchFailure;
  /** Opens a window, or tries again; to be called from a click. */
  readonly proceed: (() => Promise<void>) | undefined;
  /** Where there are several EHRs to log in to. */
  readonly choices?:
    | readonly { readonly label: string; readonly proceed: () => Promise<void> }[]
    | undefined;
  /** The words of the app. A new kind of failure does not compile before it has its three sentences. */
  readonly say: (key: LaunchKey, values: Readonly<Record<string, string | number>>) => string;
}

/** Why there is no patient on screen: what happened, who can do what about it, and a code for support. */
export function LaunchScreen({ failure, proceed, choices, say }: Props) {
  const busy = useSignal(false);
  const { kind } = failure;
  const values = valuesIn(failure);
  const go = async (way: () => Promise<void>) => {
    busy.value = true;
    try {
      await way();
    } catch (error) {
      reportError(error);
    } finally {
      busy.value = false;
    }
  };
  const ways =
    choices?.map(({ label, proceed: way }) => ({
      words: say('launch.window.at', { label }),
      way,
    })) ?? (proceed ? [{ words: say(buttonOf(failure), {}), way: proceed }] : []);
  return (
    <main class="screen" data-launch={kind}>
      <h1>{say(`launch.${kind}.title`, values)}</h1>
      <p>
        <bdi>{say(`launch.${kind}.what`, values)}</bdi>
      </p>
      <p>{say(`launch.${kind}.do`, values)}</p>
      {ways.map(({ words, way }) => (
        <button
          key={words}
          type="button"
          class="ds-button"
          aria-disabled={busy.value}
          onClick={() => void (busy.value || go(way))}
        >
          {busy.value ? say('launch.opening', {}) : words}
        </button>
      ))}
      <p class="muted">{say('launch.code', { code: kind })}</p>
    </main>
  );
}

function buttonOf(failure: LaunchFailure): LaunchKey {
  switch (failure.kind) {
    case 'window-needed':
    case 'window-blocked':
    case 'window-closed':
      return 'launch.window';
    case 'not-configured':
      return 'launch.settings';
    default:
      return isFinal(failure) ? 'launch.afresh' : 'launch.retry';
  }
}

/** The particulars, without what the authorization server itself would like to say. */
function valuesIn(failure: LaunchFailure): Readonly<Record<string, string | number>> {
  switch (failure.kind) {
    case 'configuration-wrong':
      return { problems: failure.problems.join('; ') };
    case 'issuer-unknown':
    case 'issuer-insecure':
      return { issuer: failure.issuer };
    case 'discovery-refused':
      return { status: failure.status };
    case 'endpoint-unsafe':
      return { endpoint: failure.endpoint };
    case 'authorization-failed':
      return { error: failure.code };
    case 'configuration-unreadable':
    case 'discovery-wrong':
    case 'token-wrong':
    case 'identity-unproven':
    case 'unexpected':
      return { detail: failure.detail };
    default:
      return {};
  }
}
