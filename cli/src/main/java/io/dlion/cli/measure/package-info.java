/** What a worker finds out about its own machine when somebody surveys it. */
@NullMarked
package io.dlion.cli.measure;

import org.jspecify.annotations.NullMarked;
