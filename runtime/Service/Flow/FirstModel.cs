using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <summary>The model that a service starts with.</summary>
/// <param name="Model">Loaded and verified.</param>
/// <param name="Stamp">Of the configured package that was tried; none when it is to be tried again soon.</param>
/// <param name="IsOnTrial">It is the configured one; else the copy of the last good one.</param>
/// <param name="Trouble">Why the configured one cannot be used; null when it runs.</param>
internal sealed record FirstModel(ReadyModel Model, PackageStamp Stamp, bool IsOnTrial, string? Trouble)
{
    private static readonly TimeSpan Part = TimeSpan.FromSeconds(5), Margin = TimeSpan.FromSeconds(30);

    /// <summary>Loads the configured model; or the copy of the last good one when that cannot be used for any reason. Waits for it.</summary>
    /// <param name="configuration">Names package and rules.</param>
    /// <param name="rulesOfCopy">Whose labels the copy must have too.</param>
    /// <param name="loader">Loads it, in the background.</param>
    /// <param name="work">The background.</param>
    /// <param name="environment">The service manager is told that the start takes longer.</param>
    /// <exception cref="EdgeException">As for <see cref="TrialLoader.LoadOnTrial"/>: and there is no copy, or it cannot be used either.</exception>
    public static FirstModel Load(
        ServiceConfiguration configuration, IReadOnlyList<RuleSettings> rulesOfCopy, TrialLoader loader, BackgroundWork work,
        ServiceEnvironment environment)
    {
        var (settings, rules) = (configuration.Model, configuration.Rules);
        string? copy = loader.CopyPath;
        PackageStamp? stamp = null; // until the place answered
        try
        {
            var model = Await(
                "loading the model",
                () => loader.LoadOnTrial(settings, rules, stamp = PackageStamp.Of(settings.Package)),
                copy is null ? BackgroundWork.Patience : environment.StartPatience, work, environment);
            return new FirstModel(model, stamp!, true, null);
        }
        catch (EdgeException e) when (copy is not null)
        {
            environment.Log.Error(
                "the configured model cannot be used; running the copy of the last good one", ("reason", e.Message), ("copy", copy));
            // What did not answer in time may be right the next time.
            var tried = stamp is null || e.InnerException is TimeoutException ? PackageStamp.None : stamp;
            var model = Await(
                "loading the copy of the last good model", () => loader.Load(settings, copy, rulesOfCopy), BackgroundWork.Patience, work,
                environment);
            return new FirstModel(model, tried, false, e.Message);
        }
    }

    private static ReadyModel Await(string what, Func<ReadyModel> load, TimeSpan patience, BackgroundWork work, ServiceEnvironment environment)
    {
        ReadyModel? loaded = null;
        EdgeException? refusal = null;
        work.Start(what, load, model => loaded = model, e => refusal = e, static model => model.Dispose());
        for (var waited = TimeSpan.Zero; loaded is null && refusal is null; waited += Part)
        {
            environment.Notifier.ExtendTimeout(Part + Margin);
            work.WaitForAny(Part < patience ? Part : patience);
            if (work.HandOver()) continue;
            if (waited + Part >= patience) work.GiveUp(patience);
        }

        return loaded ?? throw refusal!;
    }
}
