import { openTab, type Tab } from './route.ts';
import { tabChanges, tabNews } from './tab-news.ts';
import { t } from './words/words.ts';

export const tabId = (tab: Tab) => `fane-${tab}`;
export const panelId = (tab: Tab) => `panel-${tab}`;

/** WAI-ARIA tabs: one stop for Tab, arrows move and open, Home and End go to the ends. */
export function Tabs({ tabs, shown }: { readonly tabs: readonly Tab[]; readonly shown: Tab }) {
  const move = (event: KeyboardEvent) => {
    const next = neighbour(tabs, shown, event.key);
    if (!next) return;
    event.preventDefault();
    openTab(next);
    document.getElementById(tabId(next))?.focus();
  };
  return (
    <div class="ds-tabs">
      <div role="tablist" aria-label={t('tabs.label')}>
        {tabs.map(tab => (
          <button
            key={tab}
            id={tabId(tab)}
            type="button"
            role="tab"
            aria-selected={tab === shown}
            aria-controls={panelId(tab)}
            tabIndex={tab === shown ? 0 : -1}
            onKeyDown={move}
            onClick={() => openTab(tab)}
          >
            {t(`tab.${tab}`)}
            {tab === 'kilder' && tabNews.value}
            {tab === 'legemidler' && tabChanges.value}
          </button>
        ))}
      </div>
    </div>
  );
}

function neighbour(tabs: readonly Tab[], shown: Tab, key: string): Tab | undefined {
  const at = tabs.indexOf(shown);
  if (key === 'ArrowRight') return tabs[(at + 1) % tabs.length];
  if (key === 'ArrowLeft') return tabs.at(at - 1);
  if (key === 'Home') return tabs[0];
  return key === 'End' ? tabs.at(-1) : undefined;
}
