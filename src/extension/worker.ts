// The toolbar icon opens the panel. The worker keeps no state: Chrome ends it whenever it likes.
void chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });
