/** {@code dlion tune}: looks for the best settings of methods, with the same effort for each. */
@NullMarked
package io.dlion.cli.tune;

import org.jspecify.annotations.NullMarked;
