/** What the hosted page begins with: it signs in and out, gives every question to the API its token, and starts the page. */
import { UserManager, WebStorageStateStore } from 'oidc-client-ts';

interface SignInSettings {
  readonly authority: string;
  readonly clientId: string;
  /** Where the session of the provider ends. */
  readonly signOut: string;
}

const answer = await fetch('sign-in.json');
const { authority, clientId, signOut } = (await answer.json()) as SignInSettings;

// Of this tab alone, and gone with it.
const store = new WebStorageStateStore({ store: sessionStorage });
const users = new UserManager({
  authority,
  client_id: clientId,
  redirect_uri: `${location.origin}/`,
  // The code flow, which this client always proves (PKCE).
  response_type: 'code',
  scope: 'openid',
  userStore: store,
  stateStore: store,
  automaticSilentRenew: true,
});

const leave = (): Promise<void> =>
  users.signinRedirect({ state: location.pathname + location.search + location.hash });

/** Of this tab: it has just signed out, and does not sign in again by itself. */
const signedOut = 'signed-out';
/** The other tabs of this browser, each with tokens of its own. */
const tabs = new BroadcastChannel(signedOut);

async function forgetTokens(): Promise<void> {
  sessionStorage.setItem(signedOut, '');
  // With it, Cognito revokes what came of it. What cannot be revoked is forgotten, and ends within hours.
  await users.revokeTokens(['refresh_token']).catch(() => {});
  await users.removeUser();
}

document.addEventListener('sign-out', async () => {
  tabs.postMessage(signedOut);
  await forgetTokens();
  // Cognito has parameters of its own (its docs: The /logout endpoint), and takes this address as it stands in the pool.
  location.assign(
    `${signOut}?${new URLSearchParams({ client_id: clientId, logout_uri: `${location.origin}/` })}`,
  );
});

tabs.addEventListener('message', async () => {
  await forgetTokens();
  location.assign('./');
});

function sayGoodbye(): void {
  sessionStorage.removeItem(signedOut);
  const page = document.createElement('main');
  page.className = 'goodbye';
  const title = document.createElement('h1');
  title.textContent = 'You are signed out';
  const again = document.createElement('button');
  again.className = 'control';
  again.textContent = 'Sign in';
  again.addEventListener('click', () => void leave());
  page.append(title, again);
  document.querySelector('#app')?.replaceChildren(page);
}

const given = new URLSearchParams(location.search);
if (given.has('state') && (given.has('code') || given.has('error'))) {
  try {
    const { state } = await users.signinRedirectCallback();
    // Back to what was looked at; never to another site.
    const path = typeof state === 'string' && /^\/(?!\/)/.test(state) ? state : '/';
    history.replaceState(null, '', path);
  } catch (error) {
    document.body.textContent = `Signing in failed: ${error instanceof Error ? error.message : error}. Reload to try again.`;
    history.replaceState(null, '', '/');
    throw error;
  }
}

const signedIn = await users.getUser();
if (sessionStorage.getItem(signedOut) !== null) sayGoodbye();
else if (!signedIn || signedIn.expired) await leave();
else {
  // The page offers to sign out.
  document.documentElement.dataset.edition = 'hosted';
  const plainFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, document.baseURI);
    // The token is for the API alone, not for the provider that this client itself asks.
    if (url.origin !== location.origin || !url.pathname.startsWith('/api/')) return plainFetch(input, init);
    const headers = new Headers(init?.headers);
    const user = await users.getUser();
    if (user) headers.set('authorization', `Bearer ${user.access_token}`);
    const response = await plainFetch(input, { ...init, headers });
    if (response.status === 401) await leave();
    return response;
  };
  const page = document.querySelector<HTMLScriptElement>('script[data-page]')?.dataset.page ?? '';
  await import(new URL(page, document.baseURI).href);
}
