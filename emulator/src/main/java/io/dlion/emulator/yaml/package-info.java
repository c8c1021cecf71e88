/** YAML as people write it by hand: every value knows its file and line, for the errors. */
@NullMarked
package io.dlion.emulator.yaml;

import org.jspecify.annotations.NullMarked;
