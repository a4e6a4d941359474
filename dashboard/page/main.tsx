import './style/tokens.css';
import './style/layout.css';
import './style/overview.css';
import './style/tables.css';
import './style/overlays.css';
import { render } from 'preact';
import { startPulse } from './live/pulse';
import { App } from './view/app';
import { listenToKeys } from './view/shortcuts';

startPulse();
listenToKeys();
render(<App />, document.getElementById('app')!);
