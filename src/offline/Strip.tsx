import { useRecord } from '../record/record.ts';
import { momentText } from '../shell/dates.ts';
import { useNow } from '../shell/now.ts';
import { sayOffline } from '../shell/words/offline-words.ts';
import './offline.css';

/** What stands above a copy as long as it is on screen: what this is, how old, and the way back to the EHR. */
export function Strip({ retry }: { readonly retry: () => void }) {
  const { session } = useRecord();
  const now = useNow();
  const tidspunkt = momentText(session.copiedAt ?? now, now);
  return (
    <div class="offline">
      <output>{sayOffline('state.offline', { tidspunkt })}</output>
      <button type="button" class="ds-button" data-variant="secondary" onClick={retry}>
        {sayOffline('offline.retry')}
      </button>
    </div>
  );
}
