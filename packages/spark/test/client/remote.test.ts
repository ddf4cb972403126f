import { describe, expect, test } from '@jest/globals';
import { OptionError } from '@forkfold/core';
import { nameOf, parseRemote, targetOf } from '../../src/client/remote.js';

const refusal = (text: string): OptionError => {
  try {
    parseRemote(text);
  } catch (error) {
    return error as OptionError;
  }
  throw new Error(`${text} was not refused`);
};

describe('a connection string', () => {
  test.each([
    ['sc://host', { host: 'host', port: 15002, useTls: false, token: undefined, headers: {} }],
    ['sc://host:1/', { host: 'host', port: 1 }],
    ['SC://10.0.0.1:15002', { host: '10.0.0.1' }],
    ['sc://[::1]:9/;', { host: '::1', port: 9 }],
    ['sc://h/;user_id=a%20b;user_agent=x', { userId: 'a b', userAgent: 'x' }],
    ['sc://h/;use_ssl=TRUE', { useTls: true }],
    ['sc://h/;token=t%3Bt', { token: 't;t', useTls: true }],
    ['sc://h/;token=t;use_ssl=true', { token: 't', useTls: true }],
    ['sc://localhost/;token=t', { token: 't', useTls: false }],
    ['sc://127.0.0.2/;token=t;use_ssl=false', { token: 't', useTls: false }],
    ['sc://localhost/;token=t;use_ssl=true', { useTls: true }],
    ['sc://h/;X-Team=blue;a=1=2', { headers: { 'x-team': 'blue', a: '1=2' } }],
    [
      'sc://h/;session_id=00112233-4455-6677-8899-aabbccddeeff',
      { sessionId: '00112233-4455-6677-8899-aabbccddeeff' },
    ],
  ])('%s', (text, expected) => {
    expect(parseRemote(text)).toMatchObject(expected);
  });

  test.each([
    ['', 'it begins with sc://host:port/'],
    ['host:15002', 'it begins with sc://host:port/'],
    ['http://host:15002', 'it begins with sc://host:port/'],
    ['sc://', 'it begins with sc://host:port/'],
    ['sc://host:15002/path', 'it begins with sc://host:port/'],
    ['sc://user@host', 'it begins with sc://host:port/'],
    ['sc://host:0', 'a port is from 1 to 65535'],
    ['sc://host:70000', 'a port is from 1 to 65535'],
    ['sc://h/;use_ssl=yes', '"use_ssl" is true or false'],
    ['sc://h/;session_id=1', '"session_id" is a UUID'],
    ['sc://h/;user_id', 'each parameter is key=value'],
    ['sc://h/;user_id=', 'each parameter is key=value'],
    ['sc://h/;user_id=%', 'the value of "user_id" is percent-encoded'],
    ['sc://h/;a b=c', '"a b" can be no header'],
    ['sc://h/;grpc-x=c', '"grpc-x" can be no header'],
    ['sc://h/;x-bin=c', '"x-bin" can be no header'],
    ['sc://h/;x=%0A', '"x" can be no header'],
  ])('"%s" is refused: %s', (text, rule) => {
    const error = refusal(text);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.option).toBe('remote');
    expect(error.message).toContain(rule);
  });

  test('sends no token in plain text to another machine, nor shows it', () => {
    const { message } = refusal('sc://host/;token=secret;use_ssl=false');
    expect(message).toContain('a token is sent over TLS only');
    expect(message).not.toContain('secret');
  });

  test('is shown and dialled with its brackets', () => {
    const remote = parseRemote('sc://[::1]:9');
    expect([nameOf(remote), targetOf(remote)]).toEqual(['[::1]:9', 'dns:[::1]:9']);
  });
});
