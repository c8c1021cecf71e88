/** {@code dlion reproduce}: the experiments of the papers, run again in virtual time. */
@NullMarked
package io.dlion.cli.reproduce;

import org.jspecify.annotations.NullMarked;
