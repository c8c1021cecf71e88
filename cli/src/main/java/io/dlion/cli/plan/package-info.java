/** {@code dlion plan}: which method to take for given sites, and what may be expected of it. */
@NullMarked
package io.dlion.cli.plan;

import org.jspecify.annotations.NullMarked;
