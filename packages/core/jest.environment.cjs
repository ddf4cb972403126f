'use strict';

const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * jest's environment for Node, but for its global object, which is an ordinary one. Jest's own sees to every look at a
 * global by a proxy, at 100 ns each: `Math` or `Number` in a loop would be most of what a test costs.
 */
module.exports = class PlainEnvironment extends TestEnvironment {
  constructor(...given) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...given);
    } finally {
      vm.createContext = createContext;
    }
  }
};
