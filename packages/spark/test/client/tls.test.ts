import { expect, test } from '@jest/globals';
import { ServerCredentials } from '@grpc/grpc-js';
import { connect } from '../../src/client/client.js';
import { EngineError } from '../../src/engine-error.js';
import { selfSigned } from './certificate.js';
import { fakeServer } from './fake-server.js';

const { key, certificate } = selfSigned();
const credentials = ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: certificate }]);

test('a session over TLS carries its token', async () => {
  await using server = await fakeServer({}, { credentials, token: 'open sesame' });
  const remote = `sc://localhost:${server.port}/;use_ssl=true;token=open%20sesame`;
  await using client = await connect({ remote, rootCertificates: certificate });
  expect(client.version).toBe('4.2.0');
});

test('a server whose certificate nobody vouches for gets no call', async () => {
  await using server = await fakeServer({}, { credentials });
  const error = await connect({
    remote: `sc://localhost:${server.port}/;use_ssl=true`,
    connectPatience: 200,
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EngineError);
  expect((error as Error).message).toMatch(/self.signed certificate/);
  expect(server.calls).toEqual([]);
});

test('a server that speaks TLS is not spoken to without, and the message says what to set', async () => {
  await using server = await fakeServer({}, { credentials });
  const error = await connect({ remote: server.remote, connectPatience: 200 }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EngineError);
  expect((error as Error).message).toContain('use_ssl=true if the server speaks TLS');
});
