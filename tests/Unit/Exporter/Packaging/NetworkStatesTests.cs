using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Packaging;

public class NetworkStatesTests
{
    [Theory]
    [InlineData("conv_cache conv_cache_out"), InlineData("state stateN"), InlineData("h0 hn"), InlineData("past.0.key present.0.key")]
    [InlineData("prev_h next_h")]
    public void Names_pair_a_state_among_others_of_its_shape(string names)
    {
        string[] pair = names.Split(' ');
        var graph = Graph([pair[0], "other"], ["unlike", pair[1]]);
        var log = new List<string>();
        Assert.Equal([new ModelState(pair[1], pair[0])], NetworkStates.Of(new StateOptions([], true), [], graph, log.Add));
        Assert.Contains(log, line => line == $"state: output '{pair[1]}' becomes input '{pair[0]}' of the next run");
    }

    [Fact]
    public void What_the_file_says_comes_before_what_the_user_names()
    {
        var log = new List<string>();
        var graph = Graph(["h_in", "c_in"], ["h_out", "c_out"]);
        Assert.Equal([new ModelState("c_out", "c_in"), new("h_out", "h_in")],
            NetworkStates.Of(new StateOptions([new("h_out", "h_in")], false), [new("c_out", "c_in")], graph, log.Add));
        Assert.Contains("as the model says", Assert.Single(log), StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_output_of_an_inputs_shape_is_its_state()
    {
        var graph = Graph(["input_3"], ["stack_2"]);
        Assert.Equal([new ModelState("stack_2", "input_3")], NetworkStates.Of(new StateOptions([], true), [], graph, static _ => { }));
    }

    [Fact]
    public void Numbers_tell_layers_apart()
    {
        var graph = Graph(["past.0", "past.1"], ["present.1", "present.0"]);
        ModelState[] expected = [new("present.0", "past.0"), new("present.1", "past.1")];
        Assert.Equal(expected, NetworkStates.Of(new StateOptions([], true), [], graph, static _ => { }));
    }

    [Fact]
    public void An_input_without_a_sure_output_is_told_and_a_cache_that_grows_is_no_state()
    {
        var graph = Graph(["past"], ["present"]);
        graph.Outputs[1] = graph.Outputs[1] with { Shape = new Shape(1, 5) };
        var log = new List<string>();
        Assert.Null(NetworkStates.Of(new StateOptions([], true), [], graph, log.Add));
        Assert.Equal(
            "input 'past' is not a state: no output has its type and shape; name the output with --state OUTPUT=INPUT if there is one",
            Assert.Single(log));
        var failure = Assert.Throws<EdgeException>(
            () => NetworkStates.Of(new StateOptions([new("present", "past")], false), [], graph, log.Add));
        Assert.Contains("a state keeps its type and shape from run to run", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_a_state_unasked() =>
        Assert.Null(NetworkStates.Of(StateOptions.None, [], Graph(["h_in"], ["h_out"]), static _ => { }));

    // Behind the first input 'x' and output 'y', which are no states.
    private static Graph Graph(string[] inputs, string[] outputs)
    {
        var graph = new Graph();
        graph.Inputs.AddRange(["x", .. inputs], static name => new TensorInfo(name, ElementType.Float32, new Shape(1, 4)));
        graph.Outputs.AddRange(["y", .. outputs], static name => new TensorInfo(name, ElementType.Float32, new Shape(1, 4)));
        return graph;
    }
}

file static class Lists
{
    public static void AddRange(this List<TensorInfo> list, string[] names, Func<string, TensorInfo> make) => list.AddRange(names.Select(make));
}
