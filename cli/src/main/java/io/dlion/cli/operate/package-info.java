/** Looking on a cluster, and commanding it, from outside. */
@NullMarked
package io.dlion.cli.operate;

import org.jspecify.annotations.NullMarked;
