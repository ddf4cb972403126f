#!/usr/bin/env node
// A file of the repository, so that an install before the first build finds it.
import '../dist/main.js';
