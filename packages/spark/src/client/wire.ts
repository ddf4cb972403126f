import { fileURLToPath } from 'node:url';
import { loadSync, type MessageTypeDefinition, type ServiceDefinition } from '@grpc/proto-loader';

/** The methods of the service, by name. */
export interface Wire {
  readonly service: ServiceDefinition;
  /** A message by its full name, such as `google.rpc.Status`. */
  message(name: string): MessageTypeDefinition<object, object>;
}

let loaded: Wire | undefined;

/** Reads the protos of the package, once a process. A message has its fields' own names, numbers for 64 bits, `null` for no message. */
export function wire(): Wire {
  return (loaded ??= load());
}

function load(): Wire {
  const directory = fileURLToPath(new URL('../../proto/', import.meta.url));
  const definitions = loadSync(['spark-connect.proto', 'status.proto'], {
    includeDirs: [directory],
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  return {
    service: definitions['spark.connect.SparkConnectService'] as ServiceDefinition,
    message: (name) => definitions[name] as MessageTypeDefinition<object, object>,
  };
}
