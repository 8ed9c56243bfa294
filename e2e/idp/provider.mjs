// A certified OpenID provider (panva/oidc-provider) for tests, with people that
// do not exist. Everything it needs is in the environment; it prints "ready"
// once it listens. POST /test/rotate-keys makes it sign with a new key.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import http from 'node:http';
import { Provider } from 'oidc-provider';

const { IDP_ADDR, IDP_CLIENT_ID, IDP_CLIENT_SECRET, IDP_REDIRECT_URI, IDP_SIGNED_OUT_URI, IDP_LOGOUT_URI } = process.env;
const [host, port] = IDP_ADDR.split(':');
const issuer = `http://localhost:${port}`; // not the host that Roster has: cookies know no ports

// Everybody's password is their name. Groups are what the roles come from.
const people = {
  edda: { name: 'Edda Editor', email: 'edda@company.example', groups: ['roster-editors', 'staff'] },
  viktor: { name: 'Viktor Viewer', email: 'viktor@company.example', groups: ['roster-viewers'] },
  nora: { name: 'Nora None', email: 'nora@company.example', groups: ['staff'] },
  gil: { name: 'Gil Groupless', email: 'gil@company.example' },
};

const keys = [newKey()];

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

// A provider has its keys for life. A new one has forgotten who is signed in.
function newProvider() {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: IDP_CLIENT_ID,
      client_secret: IDP_CLIENT_SECRET,
      redirect_uris: [IDP_REDIRECT_URI],
      post_logout_redirect_uris: [IDP_SIGNED_OUT_URI],
      backchannel_logout_uri: IDP_LOGOUT_URI,
      grant_types: ['authorization_code', 'refresh_token'],
    }],
    jwks: { keys },
    claims: { openid: ['sub'], profile: ['name'], email: ['email'], groups: ['groups'] },
    scopes: ['openid', 'offline_access'],
    conformIdTokenClaims: false, // most providers put the claims of the scopes into the ID token
    pkce: { required: () => true },
    issueRefreshToken: async () => true, // it would want to ask for consent first
    cookies: { keys: ['of-a-test'] },
    features: {
      devInteractions: { enabled: false },
      // Its own pages ask the network for a font.
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = page('Sign out of the company?', `${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>`);
        },
        postLogoutSuccessSource: (ctx) => { ctx.body = page('Signed out of the company', ''); },
      },
      backchannelLogout: { enabled: true },
    },
    // Its own fetch refuses loopback addresses, where the tests' Roster is.
    fetch: (url, { dispatcher, ...options } = {}) => fetch(url, { ...options, signal: AbortSignal.timeout(2500) }),
    findAccount: async (_ctx, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => { // nobody is asked for consent
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile email groups offline_access');
      await grant.save();
      return grant;
    },
  });
  provider.on('backchannel.error', (_ctx, error) => console.error('back-channel logout failed:', error.message));
  provider.on('server_error', (_ctx, error) => console.error('server error:', error.stack));
  return provider;
}

let provider = newProvider();
let answer = provider.callback();

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

function page(title, content) {
  return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${content}</html>`;
}

function showSignIn(response, status, message) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(page('Company sign-in', `<p>${message}</p>
<form method="post"><label>Name <input name="name"></label> <label>Password <input name="password" type="password"></label> <button>Sign in</button></form>`));
}

async function interact(request, response) {
  await provider.interactionDetails(request, response); // throws for one that isn't under way
  if (request.method !== 'POST') return showSignIn(response, 200, 'Who are you?');
  const form = await bodyOf(request);
  const name = form.get('name');
  if (!Object.hasOwn(people, name) || form.get('password') !== name) return showSignIn(response, 401, 'Nobody has this name and password.');
  return provider.interactionFinished(request, response, { login: { accountId: name } }, { mergeWithLastSubmission: false });
}

// Tests change who is in which group.
async function setGroups(request, response) {
  const form = await bodyOf(request);
  people[form.get('name')].groups = form.getAll('group');
  response.writeHead(204).end();
}

http.createServer(async (request, response) => {
  try {
    const path = request.url.split('?')[0];
    if (path === '/test/rotate-keys' && request.method === 'POST') {
      keys.unshift(newKey());
      provider = newProvider();
      answer = provider.callback();
      response.writeHead(204).end();
    } else if (path === '/test/groups' && request.method === 'POST') {
      await setGroups(request, response);
    } else if (path.startsWith('/interaction/')) {
      await interact(request, response);
    } else {
      await answer(request, response);
    }
  } catch (error) {
    response.writeHead(400, { 'content-type': 'text/plain' });
    response.end(`${error.name}: ${error.message}\n`);
  }
}).listen(Number(port), host, () => console.log(`ready ${issuer}`));
