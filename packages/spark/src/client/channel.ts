import { Readable, type Writable } from 'node:stream';
import {
  ChannelCredentials,
  Client,
  Metadata,
  type CallOptions,
  type ClientReadableStream,
} from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { Answer, ArtifactMessage, Calls, Envelope, ExecutePlanResponse, Streams } from './messages.js';
import { isLoopback, nameOf, targetOf, type Remote } from './remote.js';
import { wire } from './wire.js';

/** A row of Spark's may be large, and a batch holds at least one. */
const LARGEST_MESSAGE = 256 * 2 ** 20;
/**
 * Bytes on their way to the client. With HTTP/2's own 64 KB, a server 10 ms away would send 6 MB a second. Those that are lost
 * with a connection must be among the 10 MB that the server keeps for another stream.
 */
const WINDOW = 4 * 2 ** 20;

/** The connection to a server, in which every request carries the session. */
export interface Channel {
  readonly name: string;
  readonly sessionId: string;
  /** A method that answers once, within `deadline` ms. */
  call<M extends keyof Calls>(
    method: M,
    request: Calls[M]['request'],
    deadline: number,
  ): Promise<Calls[M]['response']>;
  /** A method that answers with a stream, which ends after `deadline` ms at the latest. */
  stream<M extends keyof Streams>(
    method: M,
    request: Streams[M],
    deadline: number,
  ): ClientReadableStream<ExecutePlanResponse>;
  /** Sends messages as fast as they are taken. */
  send(
    messages: Iterable<ArtifactMessage>,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly ArtifactSummary[]>;
  close(): void;
}

export interface ArtifactSummary {
  readonly name: string;
  readonly is_crc_successful: boolean;
}

export interface ChannelOptions {
  readonly remote: Remote;
  readonly session: Envelope;
  /** Certificates, as PEM, to trust instead of Node's own. */
  readonly rootCertificates?: Buffer | undefined;
}

interface AddArtifactsResponse extends Answer {
  readonly artifacts: readonly ArtifactSummary[];
}

/** What goes with every call. */
interface CallContext {
  readonly client: Client;
  readonly method: MethodDefinition<object, object>;
  readonly metadata: Metadata;
  readonly options: CallOptions;
}

export function openChannel({ remote, session, rootCertificates }: ChannelOptions): Channel {
  const { service } = wire();
  const credentials = remote.useTls
    ? ChannelCredentials.createSsl(rootCertificates)
    : ChannelCredentials.createInsecure();
  const client = new Client(targetOf(remote), credentials, {
    'grpc.primary_user_agent': remote.userAgent ?? 'forkfold',
    'grpc.max_receive_message_length': LARGEST_MESSAGE,
    'grpc.max_send_message_length': LARGEST_MESSAGE,
    'grpc-node.flow_control_window': WINDOW,
    // Left alone, gRPC would wait for up to two minutes before it knocks again, longer than a call is tried.
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 5000,
    // The proxy that http_proxy names does not lead to this machine.
    'grpc.enable_http_proxy': isLoopback(remote) ? 0 : 1,
  });
  const metadata = metadataOf(remote);
  /** The server's own id of the session: a server that was started anew has another one, and says so when it is told this one. */
  let observed: string | undefined;
  const envelope = (): Envelope =>
    observed === undefined ? session : { ...session, client_observed_server_side_session_id: observed };
  const contextOf = (name: string, deadline: number): CallContext => ({
    client,
    method: service[name] as MethodDefinition<object, object>,
    metadata,
    options: { deadline: Date.now() + deadline },
  });
  const noted = <A extends Answer>(answer: A): A => {
    if (answer.server_side_session_id !== '') observed = answer.server_side_session_id;
    return answer;
  };

  return {
    name: nameOf(remote),
    sessionId: session.session_id,
    call: async (name, request, deadline) =>
      noted((await callOnce(contextOf(name, deadline), { ...envelope(), ...request })) as never),
    stream: (name, request, deadline) => {
      const { method, options } = contextOf(name, deadline);
      const stream = client.makeServerStreamRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        { ...envelope(), ...request },
        metadata,
        options,
      );
      return stream as ClientReadableStream<ExecutePlanResponse>;
    },
    send: async (messages, deadline, signal) => {
      const answer = await sendAll(
        contextOf('AddArtifacts', deadline),
        inEnvelopes(messages, envelope()),
        signal,
      );
      return noted(answer as AddArtifactsResponse).artifacts;
    },
    close: () => client.close(),
  };
}

function callOnce({ client, method, metadata, options }: CallContext, request: object): Promise<object> {
  const { path, requestSerialize, responseDeserialize } = method;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      options,
      (error, answer) => {
        if (error) reject(error);
        else resolve(answer!);
      },
    );
  });
}

function sendAll(
  { client, method, metadata, options }: CallContext,
  messages: Iterable<object>,
  signal: AbortSignal | undefined,
): Promise<object> {
  const { path, requestSerialize, responseDeserialize } = method;
  return new Promise((resolve, reject) => {
    const stream = client.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      metadata,
      options,
      (error, answer) => {
        signal?.removeEventListener('abort', cancel);
        if (error) reject(signal?.aborted ? (signal.reason as Error) : error);
        else resolve(answer!);
      },
    );
    const cancel = (): void => stream.cancel();
    signal?.addEventListener('abort', cancel);
    const sink: Writable = stream;
    Readable.from(messages).pipe(sink);
  });
}

function* inEnvelopes(messages: Iterable<ArtifactMessage>, envelope: Envelope): Generator<object> {
  for (const message of messages) yield { ...envelope, ...message };
}

/** Without TLS, gRPC gives out no credentials of a call, so the token is a header like others. */
function metadataOf({ token, headers }: Remote): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}
